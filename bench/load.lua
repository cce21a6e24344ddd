-- Drives one load: every request is its own, and the result is printed as a line of JSON.
-- Arguments after `--`: method, path with {uuid} and {person} to fill in, payload file or "", seed, headers "Name: value".

local before, between, after  -- the request as text, cut where {person} and {uuid} stand
local people = 1000
local n, series, spread, unique = 0, "", false, false

local function cut(text, mark)
  local from, to = text:find(mark, 1, true)
  if not from then return text, "", false end
  return text:sub(1, from - 1), text:sub(to + 1), true
end

function init(args)
  local headers = {["Host"] = wrk.headers["Host"]}
  for i = 5, #args do
    local name, value = args[i]:match("^(.-): (.*)$")
    headers[name] = value
  end
  local body
  if args[3] ~= "" then
    local file = assert(io.open(args[3], "rb"))
    body = file:read("*a")
    file:close()
  end
  math.randomseed(tonumber(args[4]))
  local r = math.random
  series = string.format("%04x%04x-%04x-4%03x-8%03x-", r(0, 65535), r(0, 65535), r(0, 65535), r(0, 4095), r(0, 4095))
  local rest
  before, rest, spread = cut(wrk.format(args[1], args[2], headers, body), "{person}")
  if not spread then before, rest = "", before end
  between, after, unique = cut(rest, "{uuid}")
end

function request()
  if not unique then return between end
  n = n + 1
  local person = spread and string.format("%03d", n % people) or ""
  return before .. person .. between .. series .. string.format("%012x", n) .. after
end

function done(summary, latency, _)
  local failed = summary.errors
  io.write(string.format('\n{"requests":%d,"seconds":%.6f,"refused":%d,"broken":%d,"p50_ms":%.3f,"p99_ms":%.3f}\n',
    summary.requests, summary.duration / 1e6, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
