-- Reads a run of a board from the top: {sum, how many are listed, slugs and scores}.
-- KEYS[1] bh:{campaigns}:index; ARGV: board, the slug after which to go on ('') and its score, how many
local base = string.sub(KEYS[1], 1, -6)
local board, start = base .. ARGV[1], 0
if ARGV[2] ~= '' then
  if redis.call('ZSCORE', board, ARGV[2]) == ARGV[3] then
    start = redis.call('ZREVRANK', board, ARGV[2]) + 1
  else -- it moved since: go on below the score that it had
    start = redis.call('ZCOUNT', board, '(' .. ARGV[3], '+inf')
  end
end
local rows = redis.call('ZREVRANGE', board, start, start + ARGV[4] - 1, 'WITHSCORES')
return {redis.call('HGET', base .. 'n', 'sum') or '0', redis.call('ZCARD', base .. 'totals'), rows}
