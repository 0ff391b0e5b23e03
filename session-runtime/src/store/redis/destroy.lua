-- ARGV: '' or the owner whose sessions end, and when the id was entered in the owner's index.
local slot, problem = read()
-- What is no hash ends like any other that makes no sense.
if problem == 'corrupt' and redis.call('TYPE', key).ok ~= 'hash' then redis.call('DEL', key) end
if problem == 'newer' then return { problem } end
local is_row = slot and (slot.s == '0' or slot.s == '1')
local was_there = is_row
if ARGV[2] ~= '' then
  -- A sign-in that is about to put its row here is ended before it; a row of another's is not touched.
  local is_new = now < tonumber(ARGV[3]) + 60000
  local is_theirs = is_row and slot.o ~= ARGV[2]
  if is_theirs and (slot.o ~= '' or not is_new) then return { 'done', '0', '' } end
  if slot and not is_row then return { 'done', '0', '' } end
  was_there = slot and slot.s == '0' and slot.o == ARGV[2]
end
local told_ids = successors(slot)
put({ s = '3', a = now, t = slot and slot.t, x = slot and slot.x })
return { 'done', was_there and '1' or '0', told_ids }
