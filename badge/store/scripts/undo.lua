-- Undoes the pledge at a position: {1 undone now, 0 was already, -1 not in this log, -2 archived; pledges, undone}.
-- ARGV: '-' withdrawn or 'x' invalidated, position of the pledge, its entry (40), its details (12),
-- 1 where the caller found this very entry in the archive
local kind, pos, kept, details = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local pledged, undone = counters()
if pos < (tonumber(redis.call('HGET', KEYS[1], 'a')) or 0) * LARGEST then
  if ARGV[5] ~= '1' then return {-2, pledged, undone} end
elseif entry(pos) ~= kept then
  return {-1, pledged, undone}
end
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
