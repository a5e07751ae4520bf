-- Spends a nonce for one owner: 1 where it is now or was already this owner's, else 0.
-- KEYS[1] the nonce; ARGV: owner, for how many seconds it is remembered
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then return 1 end
return redis.call('GET', KEYS[1]) == ARGV[1] and 1 or 0
