-- Reads a run of the log: {entries, details}, each joined to one string.
-- ARGV: first position, how many
local log, det = {}, {}
local pledged, undone = counters()
local pos = tonumber(ARGV[1])
local past = math.min(pos + tonumber(ARGV[2]), pledged + undone)
while pos < past do
  local chunk, at, size = place(pos)
  local upto = math.min(size, at + past - pos)
  log[#log + 1] = redis.call('GETRANGE', base .. 'log:' .. chunk, at * ENTRY, upto * ENTRY - 1)
  det[#det + 1] = redis.call('GETRANGE', base .. 'det:' .. chunk, at * DETAILS, upto * DETAILS - 1)
  pos = pos + upto - at
end
return {table.concat(log), table.concat(det)}
