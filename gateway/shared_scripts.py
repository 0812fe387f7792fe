"""The scripts that Redis runs for gateway.shared_redis: one a method of the port, each atomic.

ARGV[1] is the time in milliseconds, or empty: then Redis's own clock is asked, so that the clocks
of the replicas do not matter. Every key that is written gets a time to live. Redis 6.2 is enough.
"""

_CLOCK = """
local function clock()
  if ARGV[1] ~= '' then return tonumber(ARGV[1]) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function written(number) return string.format('%.0f', number) end
local now = clock()
"""

# ARGV: now, milliseconds
ADD_ONCE = (
    _CLOCK
    + """
local dies_at = tonumber(redis.call('GET', KEYS[1]) or 0)
if dies_at > now then return 0 end
redis.call('SET', KEYS[1], written(now + ARGV[2]), 'PX', ARGV[2])
return 1
"""
)

# Answers 1 for each name that is remembered, else 0.
KNOWN = (
    _CLOCK
    + """
local answer = {}
for i, dies_at in ipairs(redis.call('MGET', unpack(KEYS))) do
  answer[i] = (dies_at and tonumber(dies_at) > now) and 1 or 0
end
return answer
"""
)

# A sorted set: member -> when it was last seen.
# ARGV: now, how many windows, (milliseconds, limit) of each, the members
# Answers with the window that is full for longest and for how long, or with 0, 0.
COUNT_DISTINCT = (
    _CLOCK
    + """
local key, windows = KEYS[1], tonumber(ARGV[2])
local asked, count = {}, #ARGV - 2 - 2 * windows
for i = #ARGV - count + 1, #ARGV do asked[ARGV[i]] = true end

local function free_in(milliseconds, limit)
  local after = '(' .. written(now - milliseconds)
  local others = redis.call('ZCOUNT', key, after, '+inf')
  for member in pairs(asked) do
    local at = redis.call('ZSCORE', key, member)
    if at and tonumber(at) > now - milliseconds then others = others - 1 end
  end
  local over = others + count - limit
  if over <= 0 then return nil end
  if over > others then return milliseconds end
  local seen = redis.call('ZRANGEBYSCORE', key, after, '+inf', 'WITHSCORES')
  for i = 1, #seen, 2 do
    if not asked[seen[i]] then over = over - 1 end
    if over == 0 then return seen[i + 1] + milliseconds - now end
  end
end

local full, worst, longest = 0, 0, 0
for w = 1, windows do
  local milliseconds, limit = tonumber(ARGV[1 + 2 * w]), tonumber(ARGV[2 + 2 * w])
  local free = free_in(milliseconds, limit)
  if free and free > worst then full, worst = w, free end
  longest = math.max(longest, milliseconds)
end
if full > 0 then return {full, worst} end
for member in pairs(asked) do redis.call('ZADD', key, written(now), member) end
redis.call('ZREMRANGEBYSCORE', key, '-inf', written(now - longest))
redis.call('PEXPIRE', key, longest)
return {0, 0}
"""
)

# A hash: guess:when taken (the ticket) -> how many are under way:whether one failed
_PLACES = (
    _CLOCK
    + """
local function places_of(key, window)
  local places, stale = {}, {}
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local guess, taken = string.match(all[i], '^(.*):(%d+)$')
    local open, failed = string.match(all[i + 1], '^(%d+):(%d)$')
    if tonumber(taken) > now - window then
      places[#places + 1] = {ticket = all[i], guess = guess, taken = tonumber(taken),
                             open = tonumber(open), failed = failed == '1'}
    else
      stale[#stale + 1] = all[i]
    end
  end
  return places, stale
end

local function free_in(places, window, under_way, moment)
  local soonest, hoping = nil, false
  for _, place in ipairs(places) do
    local free = place.taken + window - now
    if not soonest or free < soonest then soonest = free end
    if place.open > 0 and not place.failed and now - place.taken < under_way then hoping = true end
  end
  if not soonest then return window end
  return hoping and math.min(soonest, moment) or soonest
end
"""
)

# ARGV: now, window, limit, same, under way, a moment, the guess on each key
ATTEMPT = (
    _PLACES
    + """
local window, limit, same = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local under_way, moment = tonumber(ARGV[5]), tonumber(ARGV[6])

local function take(key, guess)
  local places, stale = places_of(key, window)
  if #stale > 0 then redis.call('HDEL', key, unpack(stale)) end
  local open, failed, ticket = 1, '0', guess .. ':' .. written(now)
  local shared = false
  for _, place in ipairs(places) do
    if not shared and place.guess == guess and now - place.taken <= same then
      open, failed, ticket = place.open + 1, place.failed and '1' or '0', place.ticket
      shared = true
    end
  end
  local left = limit - #places - (shared and 0 or 1)
  if left < 0 and not shared then return {'', free_in(places, window, under_way, moment)} end
  redis.call('HSET', key, ticket, written(open) .. ':' .. failed)
  redis.call('PEXPIRE', key, window)
  return {ticket, math.max(0, left)}
end

local answer = {}
for i, key in ipairs(KEYS) do answer[i] = take(key, ARGV[6 + i]) end
return answer
"""
)

# ARGV: now, window, limit, under way, a moment
ATTEMPTS_LEFT = (
    _PLACES
    + """
local window, limit = tonumber(ARGV[2]), tonumber(ARGV[3])
local answer = {}
for i, key in ipairs(KEYS) do
  local places = places_of(key, window)
  local left = math.max(0, limit - #places)
  local free = left > 0 and 0 or free_in(places, window, tonumber(ARGV[4]), tonumber(ARGV[5]))
  answer[i] = {left, free}
end
return answer
"""
)

# KEYS: of each attempt, then of each name to remember
# ARGV: now, milliseconds, for each attempt its ticket and 1 (failed) or 0 (free)
SETTLE = (
    _CLOCK
    + """
local function settle(key, ticket, was)
  local noted = redis.call('HGET', key, ticket)
  if not noted then return end
  local open, failed = string.match(noted, '^(%d+):(%d)$')
  open = math.max(0, tonumber(open) - 1)
  if was == '1' then failed = '1' end
  if open == 0 and failed == '0' then
    redis.call('HDEL', key, ticket)
  else
    redis.call('HSET', key, ticket, written(open) .. ':' .. failed)
  end
end

local attempts = (#ARGV - 2) / 2
for i, key in ipairs(KEYS) do
  if i <= attempts then
    settle(key, ARGV[1 + 2 * i], ARGV[2 + 2 * i])
  else
    redis.call('SET', key, written(now + ARGV[2]), 'PX', ARGV[2])
  end
end
return 0
"""
)

# A file is JSON: name -> size, who is held by how many, who passes beside. It is found by way of
# the names it goes by, which hold when they die and the file's own key.
# ARGV: now, the prefix of files
_FILES = (
    _CLOCK
    + """
local function found(name)
  local dies_at, key = string.match(redis.call('GET', name) or '', '^(%d+):(.+)$')
  if key and tonumber(dies_at) > now then return key end
end
local function opened(key)
  local text = key and redis.call('GET', key)
  return text and cjson.decode(text) or {}
end
local function size_of(set)
  local size = 0
  for _ in pairs(set) do size = size + 1 end
  return size
end
"""
)

# ARGV: ..., milliseconds, wishes as JSON: [[name, [member, ...]], ...]
# Answers for each name it goes by, then for each wish: 0 other, 1 made, 2 kept.
HOLD = (
    _FILES
    + """
local milliseconds, wishes = ARGV[3], cjson.decode(ARGV[4])
local answer, file_key = {}, nil
for i, name in ipairs(KEYS) do
  local key = found(name)
  -- A file that nobody holds anything in any more is none.
  if key and size_of(opened(key)) == 0 then key = nil end
  answer[i] = key and 2 or 1
  if key and file_key and key ~= file_key then
    for j = 1, #KEYS do answer[j] = 0 end
    return answer
  end
  file_key = file_key or key
end
local file = opened(file_key)
file_key = file_key or (ARGV[2] .. string.match(KEYS[1], '[^:]+$') .. ':' .. written(now))

local refused = false
for i, wish in ipairs(wishes) do
  local name, members, new = wish[1], wish[2], 0
  local bound = file[name] or {size = #members, held = {}, beside = {}}
  for _, member in ipairs(members) do
    if not bound.held[member] and not bound.beside[member] then new = new + 1 end
  end
  local other = size_of(bound.held) + new > bound.size
  answer[#KEYS + i] = other and 0 or (new > 0 and 1 or 2)
  refused = refused or other
  for _, member in ipairs(members) do
    if not bound.beside[member] then bound.held[member] = (bound.held[member] or 0) + 1 end
  end
  file[name] = bound
end
if refused then return answer end
redis.call('SET', file_key, cjson.encode(file), 'PX', milliseconds)
for _, name in ipairs(KEYS) do
  redis.call('SET', name, written(now + milliseconds) .. ':' .. file_key, 'PX', milliseconds)
end
return answer
"""
)

# ARGV: ..., wishes as JSON
WIDEN = (
    _FILES
    + """
local file_key = found(KEYS[1])
local file = opened(file_key)
for _, wish in ipairs(cjson.decode(ARGV[3])) do
  local bound = file[wish[1]]
  for _, member in ipairs(bound and wish[2] or {}) do
    if not bound.held[member] then bound.beside[member] = 1 end
  end
end
if size_of(file) > 0 then redis.call('SET', file_key, cjson.encode(file), 'KEEPTTL') end
return 0
"""
)

# ARGV: ..., wishes as JSON
LET_GO = (
    _FILES
    + """
local file_key = found(KEYS[1])
local file = opened(file_key)
if size_of(file) == 0 then return 0 end
for _, wish in ipairs(cjson.decode(ARGV[3])) do
  local bound = file[wish[1]]
  for _, member in ipairs(bound and wish[2] or {}) do
    local held = (bound.held[member] or 0) - 1
    bound.held[member] = held > 0 and held or nil
  end
  if bound and size_of(bound.held) == 0 then file[wish[1]] = nil end
end
redis.call('SET', file_key, cjson.encode(file), 'KEEPTTL')
return 0
"""
)

ALL = (ADD_ONCE, KNOWN, COUNT_DISTINCT, ATTEMPT, ATTEMPTS_LEFT, SETTLE, HOLD, WIDEN, LET_GO)
