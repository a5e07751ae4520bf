-- Appends hashes to one level of the tree; what is there already must be the same: {hashes held}.
-- KEYS[1] bh:{slug}:n; ARGV: level, index of the first hash, hashes (32 each)
local key, first, hashes = string.sub(KEYS[1], 1, -2) .. 't:' .. ARGV[1], tonumber(ARGV[2]) * 32, ARGV[3]
local held = redis.call('STRLEN', key)
if held < first then return redis.error_reply('LOG ' .. key .. ' is shorter than it was') end
local there = redis.call('GETRANGE', key, first, first + #hashes - 1)
if there ~= string.sub(hashes, 1, #there) then
  return redis.error_reply('LOG ' .. key .. ' holds other hashes than its entries make; run blueheart audit')
end
if #there < #hashes then redis.call('SETRANGE', key, first, hashes) end
return math.max(held, first + #hashes) / 32
