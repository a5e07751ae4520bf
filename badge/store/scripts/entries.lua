-- Reads a run of the log: {entries, details}, each joined to one string.
-- ARGV: first position, how many
local log, det = {}, {}
local pledged, undone = counters()
local first = tonumber(ARGV[1])
for pos = first, math.min(first + tonumber(ARGV[2]), pledged + undone) - 1 do
  local chunk, at = place(pos)
  log[#log + 1] = entry(pos)
  det[#det + 1] = redis.call('GETRANGE', base .. 'det:' .. chunk, at * DETAILS, at * DETAILS + DETAILS - 1)
end
return {table.concat(log), table.concat(det)}
