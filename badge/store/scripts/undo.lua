-- Undoes the pledge at a position: {1 undone now, 0 was already, -1 not in this log; pledges, undone}.
-- ARGV: '-' withdrawn or 'x' invalidated, position of the pledge, its entry (40), its details (12)
local kind, pos, kept, details = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local pledged, undone = counters()
if entry(pos) ~= kept then return {-1, pledged, undone} end
local _, on, seq, commitment = struct.unpack('>c1I2I4c32', kept)
if redis.call('GETBIT', base .. 'w', seq) == 1 then
  redis.call('HINCRBY', KEYS[1], 'u', 0) -- for WAIT, as find() does
  return {0, pledged, undone}
end
local at = pledged + undone
check_room(at)

append(at, kind, seq, commitment, details)
redis.call('SETBIT', base .. 'w', seq, 1)
redis.call('HINCRBY', KEYS[1], 'u', 1)
if kind == 'x' then redis.pcall('HINCRBY', KEYS[1], 'x', 1) end
count(details, on, -1)
publish(at + 1, pledged - undone - 1)
return {1, pledged, undone + 1}
