-- Withdraws the pledge that a receipt names: {1 withdrawn now, 0 was already, -1 not in this log; pledges, undone}.
-- ARGV: position of the pledge, its entry (40), its details (12)
local pos, kept, details = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local pledged, undone = counters()
if entry(pos) ~= kept then return {-1, pledged, undone} end
local _, on, seq, commitment = struct.unpack('>c1I2I4c32', kept)
if redis.call('GETBIT', base .. 'w', seq) == 1 then return {0, pledged, undone} end
local at = pledged + undone
check_room(at)

append(at, '-', seq, commitment, details)
redis.call('SETBIT', base .. 'w', seq, 1)
redis.call('HINCRBY', KEYS[1], 'u', 1)
count(details, on, -1)
publish(at + 1, pledged - undone - 1)
return {1, pledged, undone + 1}
