-- Counts one pledge, or finds the one that this key made before: {0 found or 1 written, position, entry}; {-1}
-- where its proof of work is another's. ARGV: mark of the idempotency key (14), commitment (32), details (12), and
-- where there is one the proof's nonce, its owner and for how many seconds it is remembered
local mark, commitment, details = ARGV[1], ARGV[2], ARGV[3]
local pos, marks = find(mark)
if pos then return {0, pos, entry(pos)} end

local pledged, undone = counters()
local seq = pledged + 1
pos = pledged + undone
check_room(pos)
if ARGV[4] and not claim(base .. 'x:' .. ARGV[4], ARGV[5], ARGV[6]) then return {-1} end

local packed = append(pos, '+', seq, commitment, details)
redis.call('HINCRBY', KEYS[1], 'p', 1)
count(details, day, 1)
remember(mark, pos, marks)
publish(pos + 1, seq - undone)
return {1, pos, packed}
