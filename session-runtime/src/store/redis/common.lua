-- KEYS[1]: the one key. ARGV[1]: the time in milliseconds, for tests; '' is the engine's.
local key = KEYS[1]
local now = tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
local function text(n) return string.format('%.0f', n) end
local function has(ids, id)
  for i = 1, #ids, 32 do
    if ids:sub(i, i + 31) == id then return true end
  end
  return false
end
