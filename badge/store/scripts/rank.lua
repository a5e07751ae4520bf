-- Puts a campaign into the index and on the boards, or off them.
-- KEYS[1] bh:{campaigns}:index; ARGV: slug, total ('' unlists it), pledges a thousand members ('' where unknown)
local base, slug = string.sub(KEYS[1], 1, -6), ARGV[1]
local function put(board, score)
  if score == '' then redis.call('ZREM', base .. board, slug) else redis.call('ZADD', base .. board, score, slug) end
end
local before = tonumber(redis.call('ZSCORE', base .. 'totals', slug) or '0')
redis.call('ZADD', KEYS[1], 0, slug)
redis.call('HINCRBY', base .. 'n', 'sum', (tonumber(ARGV[2]) or 0) - before)
put('totals', ARGV[2])
put('rates', ARGV[3])
return 1
