-- A name that nobody asked for before, in each request: wrk -s unseen.lua URL, with NAME in its path.
local mark, count = os.getenv("MARK") or "x", 0
request = function()
  count = count + 1
  return wrk.format(nil, (wrk.path:gsub("NAME", "Ana%%20" .. mark .. count)))
end
