-- Sends as many requests at a time as its argument says; wrk counts each answer.

init = function(arguments)
  batch = string.rep(wrk.format(), tonumber(arguments[1]))
end

request = function()
  return batch
end
