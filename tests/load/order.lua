-- wrk: places orders of one piece, one SKU of many, one buyer of many, each with a key of its own.
local tokens, skus = {}, {}
local number = 0
local run = tostring(os.time()) .. tostring(math.random(1e6))
local folder = os.getenv("BENCH_FOLDER")
for line in io.lines(folder .. "/tokens") do tokens[#tokens + 1] = line end
for line in io.lines(folder .. "/skus") do skus[#skus + 1] = line:match("^%d+") end

function request()
    number = number + 1
    local headers = {
        ["Content-Type"] = "application/json",
        ["Authorization"] = "Bearer " .. tokens[number % #tokens + 1],
        ["Idempotency-Key"] = "bench-" .. run .. "-" .. number,
    }
    local sku = skus[(number * 7919) % #skus + 1]
    local body = '{"lines":[{"sku_id":"' .. sku .. '","count":1}],"ticked_return_terms":true}'
    return wrk.format("POST", "/api/orders", headers, body)
end

local made, refused = 0, 0
function response(status)
    if status == 201 then made = made + 1 else refused = refused + 1 end
end

-- Threads have states of their own: the counts come back through globals of each.
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() made_total, refused_total = 0, 0 end
local old_response = response
function response(status)
    old_response(status)
    made_total, refused_total = made, refused
end
function done(summary)
    local all_made, all_refused = 0, 0
    for _, thread in ipairs(threads) do
        all_made = all_made + (thread:get("made_total") or 0)
        all_refused = all_refused + (thread:get("refused_total") or 0)
    end
    io.write(string.format("made %d refused %d seconds %.3f\n", all_made, all_refused, summary.duration / 1e6))
end
