-- Lets a block of 4,096 old entries leave memory, where a copy has the same bytes: 1 it has left, 0 it is not its turn,
-- -1 the copy differs. ARGV: the block, SHA-1 of its entries and details as hex
local block = tonumber(ARGV[1])
local archived = tonumber(redis.call('HGET', KEYS[1], 'a')) or 0
if archived == block + 1 and entry(block * LARGEST) == '' then return 1 end
local pledged, undone = counters()
-- The last entry must stay: what is appended behind it looks for it.
if archived ~= block or pledged + undone <= (block + 1) * LARGEST then return 0 end
local log, det, keys = {}, {}, {}
for chunk = block == 0 and 0 or block + 8, block + 8 do
  keys[#keys + 1], log[#log + 1] = base .. 'log:' .. chunk, redis.call('GET', base .. 'log:' .. chunk) or ''
  keys[#keys + 1], det[#det + 1] = base .. 'det:' .. chunk, redis.call('GET', base .. 'det:' .. chunk) or ''
end
if redis.sha1hex(table.concat(log) .. table.concat(det)) ~= ARGV[2] then return -1 end
redis.call('HSET', KEYS[1], 'a', block + 1)
for _, key in ipairs(keys) do redis.call('DEL', key) end
return 1
