-- Sends the requests of a file one after the other, and round again; prints the figures as a line of JSON.
-- The file holds them as they go over the wire, separated by NUL. Run: wrk … -s wrk.lua URL -- FILE

local requests = {}
local at = 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for text in file:read("*a"):gmatch("%Z+") do
    requests[#requests + 1] = text
  end
  file:close()
end

function request()
  at = at % #requests + 1
  return requests[at]
end

-- `status` counts answers of 400 and above. A redirection would not be counted; that there is none is
-- seen when the answers are checked, before the load.
function done(summary, latency)
  local wrong = {}
  for kind, count in pairs(summary.errors) do
    if count > 0 then
      wrong[#wrong + 1] = count .. " " .. kind
    end
  end
  print(string.format(
    '{"perSecond":%f,"p99Ms":%f,"wrong":"%s"}',
    summary.requests / (summary.duration / 1e6), latency:percentile(99) / 1e3, table.concat(wrong, ", ")
  ))
end
