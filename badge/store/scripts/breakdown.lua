-- Reads all counters of a campaign at one moment: {n, c, d}, each a flat list of fields and values.
return {redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', base .. 'c'), redis.call('HGETALL', base .. 'd')}
