-- Reads all counters of a campaign at one moment: {n, c, d, l}, each a flat list of fields and values.
return {redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', base .. 'c'), redis.call('HGETALL', base .. 'd'),
  redis.call('HGETALL', base .. 'l')}
