-- wrk: the same list again and again, each time with another upper bound of the price, so that no reply can be one that was kept.
local path = wrk.path
local bound = 10000000 + os.time() % 800 * 100000

function request()
    bound = bound + 1
    return wrk.format("GET", path .. "&max_fen=" .. bound)
end
