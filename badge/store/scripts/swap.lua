-- Compares and sets: 1 where the new value is there now, 0 where something else was.
-- A repeated call finds what it wrote itself, and writes it again: that is done too.
-- ARGV: what is there ('' for nothing), what shall be
local now = redis.call('GET', KEYS[1]) or ''
if now ~= ARGV[1] and now ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
