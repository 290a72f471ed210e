/* Numbers to str and back. */
uop(STR_INT) { Obj *o = h_str_int(a); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(STR_FLOAT) { Obj *o = h_str_float(a); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(PARSE_INT) { ALIVE(a); int64_t r = h_parse_int(a); if (unlikely(r == INT64_MIN_)) EXIT(); RESULT(r); }
uop(PARSE_FLOAT) { ALIVE(a); double r = h_parse_float(a); if (unlikely(r != r)) EXIT(); RESULT(r); }
