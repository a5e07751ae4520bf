-- Puts a campaign into the index and on the boards, or off them.
-- KEYS[1] bh:{campaigns}:index; ARGV: slug, total ('' unlists it), pledges a thousand members ('' where unknown),
-- what the slug looks like, and '1' where it yields to another one that looks the same.
-- Returns the slug that had this look first; where it is another and ours yields, nothing is written.
local base, slug = string.sub(KEYS[1], 1, -6), ARGV[1]
local function put(board, score)
  if score == '' then redis.call('ZREM', base .. board, slug) else redis.call('ZADD', base .. board, score, slug) end
end
redis.call('HSETNX', base .. 'looks', ARGV[4], slug)
local first = redis.call('HGET', base .. 'looks', ARGV[4])
if ARGV[5] == '1' and first ~= slug then return first end
local before = tonumber(redis.call('ZSCORE', base .. 'totals', slug) or '0')
redis.call('ZADD', KEYS[1], 0, slug)
redis.call('HINCRBY', base .. 'n', 'sum', (tonumber(ARGV[2]) or 0) - before)
put('totals', ARGV[2])
put('rates', ARGV[3])
return first
