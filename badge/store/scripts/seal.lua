-- Keeps a checkpoint unless a larger one is there: 1 where it is kept.
-- KEYS[1] bh:{slug}:n; ARGV: size, when it was made (Unix time, s), signed note
local key = string.sub(KEYS[1], 1, -2) .. 'cp'
local held = tonumber(redis.call('HGET', key, 'size'))
if held and held > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', key, 'size', ARGV[1], 'at', ARGV[2], 'note', ARGV[3])
return 1
