/* Lists, tuples and their iterators. */
uop(LIST_ITEM)
{
    ALIVE(l);
    ListObj *o = (ListObj *)l;
    if (unlikely((uint64_t)i >= (uint64_t)o->size)) EXIT();
    ALIVE(o->item[i]);
    RESULT(o->item[i]);
}
uop(LIST_SWAP)
{
    ALIVE(l); ALIVE(v);
    ListObj *o = (ListObj *)l;
    if (unlikely((uint64_t)i >= (uint64_t)o->size)) EXIT();
    Obj *old = o->item[i];
    o->item[i] = v;
    RESULT(old);
}
uop(LIST_LEN) { ALIVE(l); RESULT(((ListObj *)l)->size); }
uop(TUPLE_ITEM)
{
    ALIVE(t);
    TupleObj *o = (TupleObj *)t;
    if (unlikely((uint64_t)i >= (uint64_t)o->size)) EXIT();
    ALIVE(o->item[i]);
    RESULT(o->item[i]);
}
uop(TUPLE_AT) { ALIVE(t); Obj *item = *(Obj **)((char *)t + offset); ALIVE(item); RESULT(item); }
uop(DICT_LEN) { ALIVE(d); RESULT(((DictObj *)d)->used); }
uop(TUPLE_LEN) { ALIVE(t); RESULT(((TupleObj *)t)->size); }
uop(DICT_GET) { ALIVE(d); ALIVE(k); ALIVE_OR_NULL(v); Obj *r = h_dict_get(d, k, v); if (unlikely(!r)) EXIT(); RESULT(r); }
uop(DICT_MERGE) { ALIVE(d); ALIVE(other); if (unlikely(!h_dict_merge(d, other))) EXIT(); }
uop(DICT_VALUES) { ALIVE(d); ALIVE(names); if (unlikely(!h_dict_values(S->args, d, names))) EXIT(); }
uop(DICT_HAS) { ALIVE(d); ALIVE(k); int64_t r = h_dict_has(d, k); if (unlikely(r < 0)) EXIT(); RESULT(r); }
uop(DICT_SWAP) { ALIVE(d); ALIVE(k); ALIVE(v); Obj *r = h_dict_swap(d, k, v); if (unlikely(r == (Obj *)DICT_REFUSES)) EXIT(); RESULT(r); }
uop(STR_EQ) { ALIVE(a); ALIVE(b); int64_t same = a == b; RESULT(same ? same : h_str_equal(a, b)); }
uop(STR_ITEM) { ALIVE(s); Obj *o = h_str_item(s, i); if (unlikely(!o)) EXIT(); RESULT(o); }
uop(BYTES_ITEM)
{
    ALIVE(b);
    BytesObj *o = (BytesObj *)b;
    if (unlikely((uint64_t)i >= (uint64_t)o->size)) EXIT();
    RESULT(o->item[i]);
}
uop(RANGE_NEXT)
{
    ALIVE(it);
    RangeIter *o = (RangeIter *)it;
    if (unlikely(o->left <= 0)) EXIT();
    int64_t v = o->start;
    o->start = (Long)((uint64_t)v + (uint64_t)o->step);
    o->left--;
    RESULT(v);
}
uop(RANGE_END)
{
    ALIVE(it);
    RangeIter *o = (RangeIter *)it;
    if (unlikely(!only_one(&o->base)) || unlikely(o->step != step)) EXIT();
    RESULT((int64_t)((uint64_t)o->start + (uint64_t)o->left * (uint64_t)o->step));
}
uop(RANGE_SYNC) { ALIVE(slot_object(SLOT(n))); range_sync((RangeIter *)slot_object(SLOT(n)), a); }
uop(GUARD_RANGE_END) { ALIVE(it); if (unlikely(((RangeIter *)it)->left > 0)) EXIT(); }
uop(LIST_NEXT)
{
    ALIVE(it);
    ListIter *o = (ListIter *)it;
    if (unlikely(!o->list) || unlikely((uintptr_t)o->index >= (uintptr_t)o->list->size)) EXIT();
    ALIVE(o->list->item[o->index]);
    RESULT(o->list->item[o->index++]);
}
uop(LIST_END)
{
    ALIVE(it);
    ListIter *o = (ListIter *)it;
    ListObj *list = o->list;
    if (list) {
        if (unlikely((uintptr_t)o->index < (uintptr_t)list->size) || unlikely(only_one(&list->base))) EXIT();
        o->list = 0;
        o->index = -1;      /* exhausted: list iterators look at this, not at the list */
        if (!is_immortal(&list->base))
            decref(&list->base);
    }
}
uop(TUPLE_NEXT)
{
    ALIVE(it);
    TupleIter *o = (TupleIter *)it;
    if (unlikely(!o->tuple) || unlikely((uintptr_t)o->index >= (uintptr_t)o->tuple->size)) EXIT();
    ALIVE(o->tuple->item[o->index]);
    RESULT(o->tuple->item[o->index++]);
}
uop(ITER_SEQUENCE)
{
    ALIVE(it);
    ListIter *o = (ListIter *)it;
    if (unlikely(!only_one(&o->base)) || unlikely(!o->list)) EXIT();
    RESULT(&o->list->base);
}
uop(ITER_INDEX) { ALIVE(it); RESULT(((ListIter *)it)->index); }
uop(INDEX_SYNC) { ALIVE(slot_object(SLOT(n))); ((ListIter *)slot_object(SLOT(n)))->index = a; }
uop(TUPLE_END)
{
    ALIVE(it);
    TupleIter *o = (TupleIter *)it;
    TupleObj *tuple = o->tuple;
    if (tuple) {
        if (unlikely((uintptr_t)o->index < (uintptr_t)tuple->size) || unlikely(only_one(&tuple->base))) EXIT();
        o->tuple = 0;
        if (!is_immortal(&tuple->base))
            decref(&tuple->base);
    }
}
