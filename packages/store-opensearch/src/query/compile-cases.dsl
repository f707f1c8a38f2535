# filter: eq text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"term":{"p_s.x":"abc"}},{"term":{"p_e.x":"\"abc\""}}],"minimum_should_match":1}}]}}

# filter: not: eq text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"term":{"p_s.x":"abc"}},{"term":{"p_e.x":"\"abc\""}}],"minimum_should_match":1}}}}]}}

# filter: eq the empty text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"term":{"p_s.x":""}},{"term":{"p_e.x":"\"\""}}],"minimum_should_match":1}}]}}

# filter: not: eq the empty text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"term":{"p_s.x":""}},{"term":{"p_e.x":"\"\""}}],"minimum_should_match":1}}}}]}}

# filter: eq number, not its text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"term":{"p_n.x":5}},{"term":{"p_e.x":"5"}}],"minimum_should_match":1}}]}}

# filter: not: eq number, not its text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"term":{"p_n.x":5}},{"term":{"p_e.x":"5"}}],"minimum_should_match":1}}}}]}}

# filter: eq text, not its number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"term":{"p_s.x":"5"}},{"term":{"p_e.x":"\"5\""}}],"minimum_should_match":1}}]}}

# filter: not: eq text, not its number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"term":{"p_s.x":"5"}},{"term":{"p_e.x":"\"5\""}}],"minimum_should_match":1}}}}]}}

# filter: eq true
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"term":{"p_b.x":true}},{"term":{"p_e.x":"true"}}],"minimum_should_match":1}}]}}

# filter: not: eq true
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"term":{"p_b.x":true}},{"term":{"p_e.x":"true"}}],"minimum_should_match":1}}}}]}}

# filter: eq false is not missing, null or zero
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"term":{"p_b.x":false}},{"term":{"p_e.x":"false"}}],"minimum_should_match":1}}]}}

# filter: not: eq false is not missing, null or zero
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"term":{"p_b.x":false}},{"term":{"p_e.x":"false"}}],"minimum_should_match":1}}}}]}}

# filter: eq null: missing, null, and a null in a list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}}],"minimum_should_match":1}}}},{"term":{"p_e.x":"null"}}],"minimum_should_match":1}}]}}

# filter: not: eq null: missing, null, and a null in a list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}}],"minimum_should_match":1}}}},{"term":{"p_e.x":"null"}}],"minimum_should_match":1}}}}]}}

# filter: eq a list compares whole lists
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"p_j.x":"[\"abc\",5,true]"}}]}}

# filter: not: eq a list compares whole lists
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"p_j.x":"[\"abc\",5,true]"}}}}]}}

# filter: eq a list with another order
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"p_j.x":"[5,\"abc\",true]"}}]}}

# filter: not: eq a list with another order
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"p_j.x":"[5,\"abc\",true]"}}}}]}}

# filter: eq the empty list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"p_j.x":"[]"}}]}}

# filter: not: eq the empty list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"p_j.x":"[]"}}}}]}}

# filter: eq a nested list is not membership
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"p_j.x":"[\"abc\"]"}}]}}

# filter: not: eq a nested list is not membership
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"p_j.x":"[\"abc\"]"}}}}]}}

# filter: in
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"term":{"p_s.x":"abc"}},{"term":{"p_n.x":5.5}},{"term":{"p_b.x":false}},{"terms":{"p_e.x":["\"abc\"","5.5","false"]}}],"minimum_should_match":1}}]}}

# filter: not: in
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"term":{"p_s.x":"abc"}},{"term":{"p_n.x":5.5}},{"term":{"p_b.x":false}},{"terms":{"p_e.x":["\"abc\"","5.5","false"]}}],"minimum_should_match":1}}}}]}}

# filter: in with null
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"term":{"p_s.x":"5"}},{"term":{"p_e.x":"\"5\""}},{"bool":{"should":[{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}}],"minimum_should_match":1}}}},{"term":{"p_e.x":"null"}}],"minimum_should_match":1}}],"minimum_should_match":1}}]}}

# filter: not: in with null
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"term":{"p_s.x":"5"}},{"term":{"p_e.x":"\"5\""}},{"bool":{"should":[{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}}],"minimum_should_match":1}}}},{"term":{"p_e.x":"null"}}],"minimum_should_match":1}}],"minimum_should_match":1}}}}]}}

# filter: in with a list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"terms":{"p_j.x":["[[]]","[[\"abc\"]]"]}}]}}

# filter: not: in with a list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"terms":{"p_j.x":["[[]]","[[\"abc\"]]"]}}}}]}}

# filter: in nothing
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_none":{}}]}}

# filter: not: in nothing
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}

# filter: lt number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"p_n.x":{"lt":5.5}}}]}}

# filter: not: lt number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"range":{"p_n.x":{"lt":5.5}}}}}]}}

# filter: lte number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"p_n.x":{"lte":5.5}}}]}}

# filter: not: lte number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"range":{"p_n.x":{"lte":5.5}}}}}]}}

# filter: gt number does not reach into lists
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"p_n.x":{"gt":4}}}]}}

# filter: not: gt number does not reach into lists
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"range":{"p_n.x":{"gt":4}}}}}]}}

# filter: gte text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"p_s.x":{"gte":"5"}}}]}}

# filter: not: gte text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"range":{"p_s.x":{"gte":"5"}}}}}]}}

# filter: lt text takes the empty text, not null
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"p_s.x":{"lt":"5"}}}]}}

# filter: not: lt text takes the empty text, not null
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"range":{"p_s.x":{"lt":"5"}}}}}]}}

# filter: exists takes null, not an object
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}},{"term":{"nulls":"x"}}],"minimum_should_match":1}}]}}

# filter: not: exists takes null, not an object
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}},{"term":{"nulls":"x"}}],"minimum_should_match":1}}}}]}}

# filter: exists on a path inside an object
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"exists":{"field":"p_s.x~1y"}},{"exists":{"field":"p_n.x~1y"}},{"exists":{"field":"p_b.x~1y"}},{"exists":{"field":"p_j.x~1y"}},{"term":{"nulls":"x.y"}}],"minimum_should_match":1}}]}}

# filter: not: exists on a path inside an object
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x~1y"}},{"exists":{"field":"p_n.x~1y"}},{"exists":{"field":"p_b.x~1y"}},{"exists":{"field":"p_j.x~1y"}},{"term":{"nulls":"x.y"}}],"minimum_should_match":1}}}}]}}

# filter: contains text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"wildcard":{"p_s.x":{"value":"*b*"}}},{"term":{"p_e.x":"\"b\""}}],"minimum_should_match":1}}]}}

# filter: not: contains text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"wildcard":{"p_s.x":{"value":"*b*"}}},{"term":{"p_e.x":"\"b\""}}],"minimum_should_match":1}}}}]}}

# filter: contains is membership in a list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"wildcard":{"p_s.x":{"value":"*abc*"}}},{"term":{"p_e.x":"\"abc\""}}],"minimum_should_match":1}}]}}

# filter: not: contains is membership in a list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"wildcard":{"p_s.x":{"value":"*abc*"}}},{"term":{"p_e.x":"\"abc\""}}],"minimum_should_match":1}}}}]}}

# filter: contains the empty text is any text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"term":{"p_e.x":"\"\""}}],"minimum_should_match":1}}]}}

# filter: not: contains the empty text is any text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"term":{"p_e.x":"\"\""}}],"minimum_should_match":1}}}}]}}

# filter: contains number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"p_e.x":"5"}}]}}

# filter: not: contains number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"p_e.x":"5"}}}}]}}

# filter: contains boolean
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"p_e.x":"true"}}]}}

# filter: not: contains boolean
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"p_e.x":"true"}}}}]}}

# filter: regex is found anywhere in text, not in lists
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"regexp":{"p_s.x":{"value":"(.)*b(.)*","flags":"NONE","max_determinized_states":100000}}}]}}

# filter: not: regex is found anywhere in text, not in lists
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"regexp":{"p_s.x":{"value":"(.)*b(.)*","flags":"NONE","max_determinized_states":100000}}}}}]}}

# filter: regex of an anchor alone is found in every text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"regexp":{"p_s.x":{"value":"(.)*()","flags":"NONE","max_determinized_states":100000}}}]}}

# filter: not: regex of an anchor alone is found in every text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"regexp":{"p_s.x":{"value":"(.)*()","flags":"NONE","max_determinized_states":100000}}}}}]}}

# filter: regex with empty groups
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"regexp":{"p_s.x":{"value":"(()a(()|())((()|()))*b())(.)*","flags":"NONE","max_determinized_states":100000}}}]}}

# filter: not: regex with empty groups
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"regexp":{"p_s.x":{"value":"(()a(()|())((()|()))*b())(.)*","flags":"NONE","max_determinized_states":100000}}}}}]}}

# filter: regex with anchors
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"regexp":{"p_s.x":{"value":"((abc)|[0-9])","flags":"NONE","max_determinized_states":100000}}}]}}

# filter: not: regex with anchors
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"regexp":{"p_s.x":{"value":"((abc)|[0-9])","flags":"NONE","max_determinized_states":100000}}}}}]}}

# filter: regex that matches nothing is found in every text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"regexp":{"p_s.x":{"value":"(.)*(z)*(.)*","flags":"NONE","max_determinized_states":100000}}}]}}

# filter: not: regex that matches nothing is found in every text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"regexp":{"p_s.x":{"value":"(.)*(z)*(.)*","flags":"NONE","max_determinized_states":100000}}}}}]}}

# filter: same text: the group, not elements of lists
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"term":{"p_s.x":"abc"}},{"term":{"p_n.x":5.5}},{"term":{"p_b.x":true}}],"minimum_should_match":1}}]}}

# filter: not: same text: the group, not elements of lists
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"term":{"p_s.x":"abc"}},{"term":{"p_n.x":5.5}},{"term":{"p_b.x":true}}],"minimum_should_match":1}}}}]}}

# filter: same list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"terms":{"p_j.x":["[\"abc\",5,true]","[]"]}}]}}

# filter: not: same list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"terms":{"p_j.x":["[\"abc\",5,true]","[]"]}}}}]}}

# filter: same null: no value, or an object
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}}],"minimum_should_match":1}}}}]}}

# filter: not: same null: no value, or an object
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}}],"minimum_should_match":1}}}}}}]}}

# filter: same nothing
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_none":{}}]}}

# filter: not: same nothing
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}

# filter: within, of what is no place
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"filter":[{"exists":{"field":"p_j.x"}},{"script":{"script":{"lang":"painless","source":"\nif (!doc.containsKey(params.field) || doc[params.field].size() == 0) return false;\nString text = doc[params.field].value;\nint comma = text.indexOf(',');\nif (comma < 0 || comma != text.lastIndexOf(',') || text.charAt(0) != (char) '[') return false;\nchar first = text.charAt(1);\nchar second = text.charAt(comma + 1);\nif (first != (char) '-' && !Character.isDigit(first) || second != (char) '-' && !Character.isDigit(second)) return false;\ndouble longitude = Double.parseDouble(text.substring(1, comma));\ndouble latitude = Double.parseDouble(text.substring(comma + 1, text.length() - 1));\nif (Math.abs(longitude) > 180 || Math.abs(latitude) > 90) return false;\ndouble phi = (double) params.latitude * Math.PI / 180;\ndouble other = latitude * Math.PI / 180;\ndouble north = Math.pow(Math.sin((other - phi) / 2), 2);\ndouble east = Math.pow(Math.sin((longitude - (double) params.longitude) * Math.PI / 180 / 2), 2);\ndouble half = north + Math.cos(phi) * Math.cos(other) * east;\nreturn 2 * (double) params.earth * Math.asin(Math.sqrt(Math.min(1.0, half))) <= (double) params.metres;","params":{"field":"p_j.x","longitude":0,"latitude":0,"metres":1000000000,"earth":6371008.8}}}}]}}]}}

# filter: not: within, of what is no place
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"filter":[{"exists":{"field":"p_j.x"}},{"script":{"script":{"lang":"painless","source":"\nif (!doc.containsKey(params.field) || doc[params.field].size() == 0) return false;\nString text = doc[params.field].value;\nint comma = text.indexOf(',');\nif (comma < 0 || comma != text.lastIndexOf(',') || text.charAt(0) != (char) '[') return false;\nchar first = text.charAt(1);\nchar second = text.charAt(comma + 1);\nif (first != (char) '-' && !Character.isDigit(first) || second != (char) '-' && !Character.isDigit(second)) return false;\ndouble longitude = Double.parseDouble(text.substring(1, comma));\ndouble latitude = Double.parseDouble(text.substring(comma + 1, text.length() - 1));\nif (Math.abs(longitude) > 180 || Math.abs(latitude) > 90) return false;\ndouble phi = (double) params.latitude * Math.PI / 180;\ndouble other = latitude * Math.PI / 180;\ndouble north = Math.pow(Math.sin((other - phi) / 2), 2);\ndouble east = Math.pow(Math.sin((longitude - (double) params.longitude) * Math.PI / 180 / 2), 2);\ndouble half = north + Math.cos(phi) * Math.cos(other) * east;\nreturn 2 * (double) params.earth * Math.asin(Math.sqrt(Math.min(1.0, half))) <= (double) params.metres;","params":{"field":"p_j.x","longitude":0,"latitude":0,"metres":1000000000,"earth":6371008.8}}}}]}}}}]}}

# filter: all of nothing is true
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}

# filter: not: all of nothing is true
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_none":{}}]}}

# filter: any of nothing is false
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_none":{}}]}}

# filter: not: any of nothing is false
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}

# filter: any
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"should":[{"bool":{"should":[{"term":{"p_s.x":"abc"}},{"term":{"p_e.x":"\"abc\""}}],"minimum_should_match":1}},{"range":{"p_n.x":{"gt":5}}}],"minimum_should_match":1}}]}}

# filter: not: any
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"should":[{"bool":{"should":[{"term":{"p_s.x":"abc"}},{"term":{"p_e.x":"\"abc\""}}],"minimum_should_match":1}},{"range":{"p_n.x":{"gt":5}}}],"minimum_should_match":1}}}}]}}

# filter: all
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"filter":[{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}},{"term":{"nulls":"x"}}],"minimum_should_match":1}},{"bool":{"must_not":{"bool":{"should":[{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}}],"minimum_should_match":1}}}},{"term":{"p_e.x":"null"}}],"minimum_should_match":1}}}},{"bool":{"must_not":{"range":{"p_s.x":{"gte":""}}}}}]}}]}}

# filter: not: all
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"filter":[{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}},{"term":{"nulls":"x"}}],"minimum_should_match":1}},{"bool":{"must_not":{"bool":{"should":[{"bool":{"must_not":{"bool":{"should":[{"exists":{"field":"p_s.x"}},{"exists":{"field":"p_n.x"}},{"exists":{"field":"p_b.x"}},{"exists":{"field":"p_j.x"}}],"minimum_should_match":1}}}},{"term":{"p_e.x":"null"}}],"minimum_should_match":1}}}},{"bool":{"must_not":{"range":{"p_s.x":{"gte":""}}}}}]}}}}]}}

# filter: standard field: text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"page_path":"/a"}}]}}

# filter: not: standard field: text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"page_path":"/a"}}}}]}}

# filter: standard field: text, not a number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_none":{}}]}}

# filter: not: standard field: text, not a number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}

# filter: standard field: a text that is missing
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"exists":{"field":"page_path"}}}}]}}

# filter: not: standard field: a text that is missing
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"must_not":{"exists":{"field":"page_path"}}}}}}]}}

# filter: standard field: a text that is there
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"exists":{"field":"page_path"}}]}}

# filter: not: standard field: a text that is there
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"exists":{"field":"page_path"}}}}]}}

# filter: standard field: inside a text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"wildcard":{"page_path":{"value":"*a*"}}}]}}

# filter: not: standard field: inside a text
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"wildcard":{"page_path":{"value":"*a*"}}}}}]}}

# filter: standard field: a number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"engaged_ms":{"lte":5}}}]}}

# filter: not: standard field: a number
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"range":{"engaged_ms":{"lte":5}}}}}]}}

# filter: standard field: not a number, or missing
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"range":{"engaged_ms":{"lte":5}}}}}]}}

# filter: not: standard field: not a number, or missing
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"bool":{"must_not":{"range":{"engaged_ms":{"lte":5}}}}}}}]}}

# filter: standard field: a boolean
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"bot_is":false}}]}}

# filter: not: standard field: a boolean
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"bot_is":false}}}}]}}

# filter: standard field: an element of a list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"bot_reasons":"ip"}}]}}

# filter: not: standard field: an element of a list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"bot_reasons":"ip"}}}}]}}

# filter: standard field: elements are not looked into
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"bot_reasons":"i"}}]}}

# filter: not: standard field: elements are not looked into
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"bot_reasons":"i"}}}}]}}

# filter: standard field: a whole list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"bot_reasons_json":"[\"ua\",\"ip\"]"}}]}}

# filter: not: standard field: a whole list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"bot_reasons_json":"[\"ua\",\"ip\"]"}}}}]}}

# filter: standard field: some element
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"terms":{"bot_reasons":["x","ua"]}}]}}

# filter: not: standard field: some element
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"terms":{"bot_reasons":["x","ua"]}}}}]}}

# filter: standard field: an id
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"term":{"id":"x"}}]}}

# filter: not: standard field: an id
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"bool":{"must_not":{"term":{"id":"x"}}}}]}}

# measure: count
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}

# measure: count with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"range":{"p_n.price":{"gt":3}}}}}

# measure: sum
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"sum":{"field":"p_n.price"}}}

# measure: sum with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"range":{"p_n.price":{"gt":3}}},"aggs":{"v":{"sum":{"field":"p_n.price"}}}}}

# measure: sum inside an object
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"sum":{"field":"p_n.price~1value"}}}

# measure: average
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"avg":{"field":"p_n.price"}}}

# measure: average with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"range":{"p_n.price":{"gt":3}}},"aggs":{"v":{"avg":{"field":"p_n.price"}}}}}

# measure: minimum
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"stats":{"field":"p_n.price"}}}

# measure: minimum with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"range":{"p_n.price":{"gt":3}}},"aggs":{"v":{"stats":{"field":"p_n.price"}}}}}

# measure: maximum
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"stats":{"field":"p_n.price"}}}

# measure: maximum with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"range":{"p_n.price":{"gt":3}}},"aggs":{"v":{"stats":{"field":"p_n.price"}}}}}

# measure: standard deviation
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"exists":{"field":"p_n.price"}},"aggs":{"v":{"matrix_stats":{"fields":["p_n.price"]}},"w":{"stats":{"field":"p_n.price"}}}}}

# measure: standard deviation with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"range":{"p_n.price":{"gt":3}}},"aggs":{"v":{"matrix_stats":{"fields":["p_n.price"]}},"w":{"stats":{"field":"p_n.price"}}}}}

# measure: percentile
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
distinct [{"query":{"exists":{"field":"p_n.price"}},"sources":[{"v_0":{"terms":{"field":"p_n.price","value_type":"double"}}}]}]

# measure: percentile with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
distinct [{"query":{"bool":{"filter":[{"exists":{"field":"p_n.price"}},{"range":{"p_n.price":{"gt":3}}}]}},"sources":[{"v_0":{"terms":{"field":"p_n.price","value_type":"double"}}}]}]

# measure: percentiles, in the order asked
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
distinct [{"query":{"exists":{"field":"p_n.price"}},"sources":[{"v_0":{"terms":{"field":"p_n.price","value_type":"double"}}}]}]

# measure: percentiles with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
distinct [{"query":{"bool":{"filter":[{"exists":{"field":"p_n.price"}},{"range":{"p_n.price":{"gt":3}}}]}},"sources":[{"v_0":{"terms":{"field":"p_n.price","value_type":"double"}}}]}]

# measure: count of distinct values
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"match_all":{}},"aggs":{"u0":{"cardinality":{"field":"p_s.price","precision_threshold":40000,"execution_hint":"ordinals"}},"u1":{"cardinality":{"field":"p_n.price","precision_threshold":40000,"execution_hint":"ordinals"}},"u2":{"cardinality":{"field":"p_b.price","precision_threshold":40000,"execution_hint":"ordinals"}},"u3":{"cardinality":{"field":"p_j.price","precision_threshold":40000,"execution_hint":"ordinals"}}}}}
distinct [{"query":{"bool":{"should":[{"exists":{"field":"p_s.price"}},{"exists":{"field":"p_n.price"}},{"exists":{"field":"p_b.price"}},{"exists":{"field":"p_j.price"}}],"minimum_should_match":1}},"sources":[{"v_0":{"terms":{"field":"p_s.price","missing_bucket":true,"value_type":"string"}}},{"v_1":{"terms":{"field":"p_n.price","missing_bucket":true,"value_type":"double"}}},{"v_2":{"terms":{"field":"p_b.price","missing_bucket":true,"value_type":"boolean"}}},{"v_3":{"terms":{"field":"p_j.price","missing_bucket":true,"value_type":"string"}}}]}]

# measure: count of distinct values with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"range":{"p_n.price":{"gt":3}}},"aggs":{"u0":{"cardinality":{"field":"p_s.price","precision_threshold":40000,"execution_hint":"ordinals"}},"u1":{"cardinality":{"field":"p_n.price","precision_threshold":40000,"execution_hint":"ordinals"}},"u2":{"cardinality":{"field":"p_b.price","precision_threshold":40000,"execution_hint":"ordinals"}},"u3":{"cardinality":{"field":"p_j.price","precision_threshold":40000,"execution_hint":"ordinals"}}}}}
distinct [{"query":{"bool":{"filter":[{"bool":{"should":[{"exists":{"field":"p_s.price"}},{"exists":{"field":"p_n.price"}},{"exists":{"field":"p_b.price"}},{"exists":{"field":"p_j.price"}}],"minimum_should_match":1}},{"range":{"p_n.price":{"gt":3}}}]}},"sources":[{"v_0":{"terms":{"field":"p_s.price","missing_bucket":true,"value_type":"string"}}},{"v_1":{"terms":{"field":"p_n.price","missing_bucket":true,"value_type":"double"}}},{"v_2":{"terms":{"field":"p_b.price","missing_bucket":true,"value_type":"boolean"}}},{"v_3":{"terms":{"field":"p_j.price","missing_bucket":true,"value_type":"string"}}}]}]

# measure: distinct values
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
distinct [{"query":{"bool":{"should":[{"exists":{"field":"p_s.price"}},{"exists":{"field":"p_n.price"}},{"exists":{"field":"p_b.price"}},{"exists":{"field":"p_j.price"}}],"minimum_should_match":1}},"sources":[{"v_0":{"terms":{"field":"p_s.price","missing_bucket":true,"value_type":"string"}}},{"v_1":{"terms":{"field":"p_n.price","missing_bucket":true,"value_type":"double"}}},{"v_2":{"terms":{"field":"p_b.price","missing_bucket":true,"value_type":"boolean"}}},{"v_3":{"terms":{"field":"p_j.price","missing_bucket":true,"value_type":"string"}}}]}]

# measure: distinct values with a filter
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
distinct [{"query":{"bool":{"filter":[{"bool":{"should":[{"exists":{"field":"p_s.price"}},{"exists":{"field":"p_n.price"}},{"exists":{"field":"p_b.price"}},{"exists":{"field":"p_j.price"}}],"minimum_should_match":1}},{"range":{"p_n.price":{"gt":3}}}]}},"sources":[{"v_0":{"terms":{"field":"p_s.price","missing_bucket":true,"value_type":"string"}}},{"v_1":{"terms":{"field":"p_n.price","missing_bucket":true,"value_type":"double"}}},{"v_2":{"terms":{"field":"p_b.price","missing_bucket":true,"value_type":"boolean"}}},{"v_3":{"terms":{"field":"p_j.price","missing_bucket":true,"value_type":"string"}}}]}]

# measure: distinct times
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
distinct [{"query":{"exists":{"field":"timestamp"}},"sources":[{"v_0":{"terms":{"field":"timestamp","value_type":"long"}}}]}]

# measure: distinct lists of a standard field
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"filter":{"match_all":{}},"aggs":{"u0":{"cardinality":{"field":"bot_reasons_json","precision_threshold":40000,"execution_hint":"ordinals"}}}}}
distinct [{"query":{"exists":{"field":"bot_reasons_json"}},"sources":[{"v_0":{"terms":{"field":"bot_reasons_json","value_type":"string"}}}]}]

# measure: sum of a standard field
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"m0":{"sum":{"field":"engaged_ms"}}}

# count in a timeframe
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"timestamp":{"gte":1773014400000,"lt":1773273600000}}},{"match_all":{}}]}}

# count in intervals
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"timestamp":{"gte":1773014400000,"lt":1773273600000}}},{"match_all":{}}]}}
edges [1773014400000,1773100800000,1773187200000,1773273600000]
sources [[{"t":{"date_histogram":{"field":"timestamp","fixed_interval":"86400000ms","offset":"0ms"}}}]]

# count grouped by a property
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
sources [[{"g0_0":{"terms":{"field":"p_s.price","missing_bucket":true,"value_type":"string"}}},{"g0_1":{"terms":{"field":"p_n.price","missing_bucket":true,"value_type":"double"}}},{"g0_2":{"terms":{"field":"p_b.price","missing_bucket":true,"value_type":"boolean"}}},{"g0_3":{"terms":{"field":"p_j.price","missing_bucket":true,"value_type":"string"}}}]]

# count grouped by a text field, a time and a list
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
sources [[{"g0_0":{"terms":{"field":"geo_country","missing_bucket":true,"value_type":"string"}}},{"g1_0":{"terms":{"field":"timestamp","missing_bucket":true,"value_type":"long"}}},{"g2_0":{"terms":{"field":"bot_reasons_json","missing_bucket":true,"value_type":"string"}}}]]

# count grouped by buckets
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
sources [[{"g0_0":{"terms":{"script":{"lang":"painless","source":"if (!doc.containsKey(params.field) || doc[params.field].size() == 0) return null; double v = doc[params.field].value; \ndouble size = params.sizeUnits; double offset = params.offsetUnits; double one = params.unitsPerOne;\ndouble k = Math.floor((v - (double) params.offset) / (double) params.size);\nif (Math.abs(k) > (double) params.farthest) return null;\nif (v >= (offset + (k + 1) * size) / one) return k + 1;\nif (v < (offset + k * size) / one) return k - 1;\nreturn k;","params":{"field":"p_n.price","size":0.1,"offset":0.05,"sizeUnits":10,"offsetUnits":5,"unitsPerOne":100,"farthest":1000000000000}},"missing_bucket":true,"value_type":"double"}}}]]

# count grouped by buckets of ten
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"b":{"histogram":{"field":"p_n.price","interval":10,"min_doc_count":1}},"w":{"filter":{"range":{"p_n.price":{"gt":-1e-290,"lt":0}}}}}

# count grouped by ranges
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
aggs {"b":{"range":{"field":"engaged_ms","ranges":[{"key":"0","to":1},{"key":"1","from":1,"to":5}]}}}

# count grouped by ranges in intervals
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"timestamp":{"gte":1773014400000,"lt":1773273600000}}},{"match_all":{}}]}}
aggs {"b":{"range":{"field":"engaged_ms","ranges":[{"key":"0","to":1},{"key":"1","from":1,"to":5}]}}}
edges [1773014400000,1773100800000,1773187200000,1773273600000]

# count grouped by buckets of ten and ranges
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"match_all":{}}]}}
sources [[{"g0_0":{"histogram":{"field":"p_n.price","interval":10,"missing_bucket":true,"value_type":"double"}}},{"g1_0":{"terms":{"script":{"lang":"painless","source":"if (!doc.containsKey(params.field) || doc[params.field].size() == 0) return null; double v = doc[params.field].value; \nfor (int i = 0; i < params.from.size(); i++) {\n  if (v >= (double) params.from[i] && (params.endless[i] || v < (double) params.to[i])) return (double) i;\n}\nreturn null;","params":{"field":"engaged_ms","from":[-1.7976931348623157e+308,1],"to":[1,5],"endless":[false,false]}},"missing_bucket":true,"value_type":"double"}}}]]

# count grouped in intervals
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits"]}},{"range":{"timestamp":{"gte":1773014400000,"lt":1773273600000}}},{"match_all":{}}]}}
edges [1773014400000,1773100800000,1773187200000,1773273600000]
sources [[{"t":{"date_histogram":{"field":"timestamp","fixed_interval":"86400000ms","offset":"0ms"}}},{"g0_0":{"terms":{"field":"p_s.price","missing_bucket":true,"value_type":"string"}}},{"g0_1":{"terms":{"field":"p_n.price","missing_bucket":true,"value_type":"double"}}},{"g0_2":{"terms":{"field":"p_b.price","missing_bucket":true,"value_type":"boolean"}}},{"g0_3":{"terms":{"field":"p_j.price","missing_bucket":true,"value_type":"string"}}}]]

# count of several collections, without bots
query {"bool":{"filter":[{"term":{"project":"p"}},{"terms":{"collection":["visits","clicks"]}},{"bool":{"must_not":{"term":{"bot_is":true}}}}]}}
