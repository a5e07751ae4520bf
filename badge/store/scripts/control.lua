-- Changes the control record and raises its version: `set` and `drop` a field, or note a purge.
-- Answers the new version, or -1 where the record holds as many fields as it may.
local key, act, field, value, most = KEYS[1], ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if act == 'set' and redis.call('HEXISTS', key, field) == 0 and redis.call('HLEN', key) >= most then
  return -1
end
local version = redis.call('HINCRBY', key, 'v', 1)
if act == 'set' then
  redis.call('HSET', key, field, value)
elseif act == 'drop' then
  redis.call('HDEL', key, field)
else
  redis.call('HSET', key, 'p:' .. version, value)
  -- Whoever is that far behind forgets everything.
  redis.call('HDEL', key, 'p:' .. (version - 64))
end
return version
