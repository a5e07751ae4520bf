-- Reads the tables by country and by language as they were when first asked for on this day, as JSON: [day, c, l].
-- Once a day and not live: from two tables a minute apart one could read who came in between.
local key = base .. 'tables'
local kept = redis.call('GET', key)
if kept and cjson.decode(kept)[1] == day then return kept end
local fresh = cjson.encode({day, redis.call('HGETALL', base .. 'c'), redis.call('HGETALL', base .. 'l')})
redis.pcall('SET', key, fresh) -- a store that takes no writes now can still be read
return fresh
