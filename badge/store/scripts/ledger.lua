-- What the ledger's scripts share; it is put before each of them.
-- KEYS[1] is bh:{slug}:n. Every other key of the campaign begins alike, so that one slot holds them all:
--   n                  hash: p pledges, u undone (x of them invalidated), a blocks archived, s<source> each, i<week> marks of that week
--   c, d, l            hashes: pledges that stand, by country, by day and by language ('--' where none was chosen)
--   log:<chunk>        40 B an entry: type, day u16, sequence u32, commitment 32, check
--   det:<chunk>        12 B an entry, private: source, country 2, language 8, check
--   i:<week>:<level>:<shard>   hash: mark of an idempotency key (14 B) -> position in the log
--   w                  bitmap by sequence: undone
-- A type is '+' pledged, '-' withdrawn or 'x' invalidated; the last two name the sequence that they undo.
-- A check is the XOR of the bytes before it, by which `blueheart audit` finds a bit that flipped. Every entry changes the total by exactly one, so sequence and position give the total at that moment.
local ENTRY, DETAILS, FIRST, LARGEST = 40, 12, 16, 4096
local SHARD, FANOUT = 256, 16
local base = string.sub(KEYS[1], 1, -2)
-- The store's clock and not the app's: two apps that disagree counted one key twice across a week's edge.
local seconds = tonumber(redis.call('TIME')[1])
local day, week = math.floor(seconds / 86400), math.floor(seconds / 604800)

-- Chunks grow with the campaign: 16, 16, 32, 64 … 2048, then 4096 entries each.
local function place(pos)
  if pos >= LARGEST then
    local n = math.floor(pos / LARGEST)
    return n + 8, pos - n * LARGEST, LARGEST
  end
  local chunk, first, size = 0, 0, FIRST
  while pos >= first + size do
    chunk, first = chunk + 1, first + size
    size = first
  end
  return chunk, pos - first, size
end

local function entry(pos)
  local chunk, at = place(pos)
  return redis.call('GETRANGE', base .. 'log:' .. chunk, at * ENTRY, at * ENTRY + ENTRY - 1)
end

local function counters()
  local n = redis.call('HMGET', KEYS[1], 'p', 'u')
  return tonumber(n[1]) or 0, tonumber(n[2]) or 0
end

-- Tells whether the log's first empty place is this one.
local function ends_at(pos)
  local before = pos == 0 and '+' or entry(pos - 1)
  return before ~= '' and string.byte(before) ~= 0 and (string.byte(entry(pos)) or 0) == 0
end

-- Refuses before the first write where the log is not as long as the counters say: a script has no rollback.
local function check_room(pos)
  -- Of a Cluster's slot that is moving, a key that has gone is an error: here, and not between two writes.
  redis.call('EXISTS', base .. 'c', base .. 'd', base .. 'l', base .. 'i:' .. week .. ':0:0')
  local chunk, at, size = place(pos)
  for name, bytes in pairs({log = ENTRY, det = DETAILS}) do
    local key = base .. name .. ':' .. chunk
    local have, want = redis.call('STRLEN', key), at == 0 and 0 or size * bytes
    if have ~= want then
      error('LEDGER ' .. key .. ' holds ' .. have .. ' bytes where ' .. want .. ' belong; run blueheart audit')
    end
  end
  if not ends_at(pos) then error('LEDGER ' .. base .. 'log does not end at ' .. pos .. '; run blueheart audit') end
end

local function append(pos, kind, seq, commitment, details)
  local chunk, at, size = place(pos)
  local log, det = base .. 'log:' .. chunk, base .. 'det:' .. chunk
  if at == 0 then -- the whole chunk at once: growing a string doubles it
    redis.call('SETRANGE', log, size * ENTRY - 1, '\0')
    redis.call('SETRANGE', det, size * DETAILS - 1, '\0')
  end
  local packed = struct.pack('>c1I2I4c32', kind, day, seq, commitment)
  packed = packed .. string.char(bit.bxor(string.byte(packed, 1, -1)))
  redis.call('SETRANGE', log, at * ENTRY, packed)
  redis.call('SETRANGE', det, at * DETAILS, details)
  return packed
end

local function step(key, field, by)
  -- A counter that is damaged must not stop a script halfway: the log holds the truth, an audit corrects.
  if redis.pcall('HINCRBY', key, field, by) == 0 then redis.call('HDEL', key, field) end
end

local function count(details, on, by)
  step(KEYS[1], 's' .. string.byte(details, 1), by)
  step(base .. 'c', string.sub(details, 2, 3), by)
  step(base .. 'd', on, by)
  -- By language without its region, so that there are few.
  step(base .. 'l', string.match(details, '^%l+', 4) or '--', by)
end

local function publish(length, total)
  redis.call('PUBLISH', base .. 'live', length .. ' ' .. total)
end

-- Marks lie in listpack hashes of about 256; a week with more of them opens 16 times as many.
local function level_of(marks)
  local level, capacity = 0, SHARD
  while marks >= capacity do level, capacity = level + 1, capacity * FANOUT end
  return level
end

local function shard(in_week, level, mark)
  local a, b, c = string.byte(mark, 1, 3)
  return base .. 'i:' .. in_week .. ':' .. level .. ':' .. (a * 65536 + b * 256 + c) % FANOUT ^ level
end

local function forget_at(in_week)
  return (in_week + 2) * 604800 + 86400
end

-- Spends a nonce for one owner; true again for the same one.
local function claim(key, owner, keep_s)
  return redis.call('SET', key, owner, 'NX', 'EX', keep_s) or redis.call('GET', key) == owner
end

-- Looks in this week, the last, and the next: a store that took over may have a clock that is behind.
local function find(mark)
  local weeks = {week, week - 1, week + 1}
  local held = redis.call('HMGET', KEYS[1], 'i' .. weeks[1], 'i' .. weeks[2], 'i' .. weeks[3])
  for n = 1, 3 do
    for level = held[n] and level_of(tonumber(held[n])) or -1, 0, -1 do
      local home = shard(weeks[n], level, mark)
      local pos = redis.call('HGET', home, mark)
      if pos then
        -- A write that changes nothing: WAIT waits for its own connection's, and another one's may lack a replica.
        redis.call('EXPIREAT', home, forget_at(weeks[n]))
        return tonumber(pos)
      end
    end
  end
  return nil, tonumber(held[1]) or 0
end

local function remember(mark, pos, marks)
  local home = shard(week, level_of(marks), mark)
  redis.call('HSET', home, mark, pos)
  if redis.call('HLEN', home) == 1 then
    redis.call('EXPIREAT', home, forget_at(week))
  end
  redis.pcall('HINCRBY', KEYS[1], 'i' .. week, 1)
  if marks == 0 then -- the first of a week clears away the counts of weeks that are past
    for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
      local past = tonumber(string.match(field, '^i(%d+)$'))
      if past and past < week - 1 then redis.call('HDEL', KEYS[1], field) end
    end
  end
end
