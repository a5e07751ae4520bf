-- One pledge a request, each with a key and a proof of its own: PLEDGES names a file of lines `key TAB body`.
local file = io.open(os.getenv("PLEDGES"))
request = function()
  local key, body = (file:read("*l") or "\t"):match("^(.-)\t(.*)$")
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json", ["Idempotency-Key"] = key }, body)
end
