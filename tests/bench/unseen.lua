-- A name that nobody asked for before, in each request: wrk -s unseen.lua URL, with NAME in its path,
-- or in each line of the file that PATHS names, in turn.
local mark, count, paths = os.getenv("MARK") or "x", 0, {}
if os.getenv("PATHS") then
  for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
end
request = function()
  count = count + 1
  local path = paths[count % math.max(1, #paths) + 1] or wrk.path
  return wrk.format(nil, (path:gsub("NAME", "Ana%%20" .. mark .. count)))
end
