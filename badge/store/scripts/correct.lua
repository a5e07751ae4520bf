-- Corrects counters by the difference that an audit found, so that pledges may be made meanwhile.
-- ARGV: the correction's own token, by which it is done once; {[table, field in hex, by]} as JSON, or [table, field, by, 1]
-- where the counter is no number and must begin anew; {[sequence, 0 or 1]} of the bitmap
local token = base .. 'corrected'
if redis.call('GET', token) == ARGV[1] then return 0 end
redis.call('SET', token, ARGV[1], 'EX', 3600)
for _, c in ipairs(cjson.decode(ARGV[2])) do
  local key = base .. c[1]
  local field = string.gsub(c[2], '%x%x', function(byte) return string.char(tonumber(byte, 16)) end)
  if c[4] then redis.call('HDEL', key, field) end
  if c[3] ~= 0 then step(key, field, c[3]) end
end
for _, bit in ipairs(cjson.decode(ARGV[3])) do redis.call('SETBIT', base .. 'w', bit[1], bit[2]) end
redis.call('DEL', base .. 'tables')
return 1
