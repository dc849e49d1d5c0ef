using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Stickiness;

/// <summary>What becomes of the cookie in a response.</summary>
internal sealed partial class ServerCookie
{
    private static ReadOnlySpan<byte> Path => "; path=/"u8;

    /// <summary>Takes out, rewrites or leaves what the server has set under the name.</summary>
    /// <param name="headers">The response's fields.</param>
    /// <param name="binding">What the request brought along.</param>
    /// <param name="server">The server.</param>
    /// <param name="isDirect">Whether the request was tied to it to the end.</param>
    /// <param name="scratch">Room for what is made.</param>
    public void Rewrite(HeaderBlock headers, ClientBinding binding, Server server, bool isDirect, Scratch scratch)
    {
        binding.ResponseCookie = 'N';
        for (var i = headers.IndexOf(KnownHeader.SetCookie); i >= 0; i = headers.IndexOf(KnownHeader.SetCookie, i + 1))
        {
            var text = headers.ValueAt(i);
            var item = CookieItem.Read(text, 0, isFurther: false);
            if (!item.HasValue || !item.NameIn(text).SequenceEqual(_name))
            {
                continue;
            }

            if (!_preserves && (_mode == StickyCookieMode.Insert || (isDirect && _isIndirect)))
            {
                headers.RemoveAt(i);
                binding.ResponseCookie = 'D';
            }
            else if (!_preserves && _mode is StickyCookieMode.Rewrite or StickyCookieMode.Prefix && server.Cookie is { } id)
            {
                Replace(headers, i, item, id, scratch);
                binding.ResponseCookie = 'R';
            }
            else
            {
                binding.ResponseCookie = 'P';
            }
        }
    }

    /// <summary>Tells the client its server, where that is not what it knows already.</summary>
    /// <param name="response">The response.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="binding">What the request brought along.</param>
    /// <param name="server">The server.</param>
    /// <param name="isDirect">Whether the request was tied to it to the end.</param>
    /// <param name="scratch">Room for what is made.</param>
    /// <returns>Whether caches were told to keep nothing of it.</returns>
    public bool Insert(ResponseHead response, RequestMethod method, ClientBinding binding, Server server, bool isDirect, Scratch scratch)
    {
        if (_mode != StickyCookieMode.Insert || (_preserves && binding.ResponseCookie == 'P') || (isDirect && !IsStale(binding))
            || (_isPostOnly && method != RequestMethod.Post) || binding.Effect == PersistenceEffect.Ignore)
        {
            return false;
        }

        var closesCache = _isNoCache && Cacheability.Of(method, response.Status, response.Headers).MayKeep;
        response.Headers.Add("set-cookie"u8, Make(server.Cookie, binding, scratch));
        binding.ResponseCookie = isDirect && server.Cookie is not null ? 'U' : 'I';
        if (closesCache)
        {
            response.Headers.Add("cache-control"u8, "private"u8);
        }

        return closesCache;
    }

    /// <summary>Whether the client's cookie, though it led to its server, has dates that are to be renewed, added or taken off.</summary>
    private bool IsStale(ClientBinding binding) =>
        ((_maxIdle > 0 || binding.LastSeen > 0) && binding.LastSeen < Now)
        || (_maxLife > 0) != (binding.FirstSeen > 0);

    /// <summary>Puts what stands for the server in place of the value, or before it.</summary>
    private void Replace(HeaderBlock headers, int index, CookieItem item, byte[] id, Scratch scratch)
    {
        var field = headers.ValueAt(index);
        var text = new SpanText(scratch.Rent(field.Length + id.Length + 1));
        text.Add(field[..item.ValueStart]);
        text.Add(id);
        if (_mode == StickyCookieMode.Prefix)
        {
            text.Add([PrefixEnd]);
            text.Add(field[item.ValueStart..]);
        }
        else
        {
            text.Add(field[item.ValueEnd..]);
        }

        headers.ReplaceValueAt(index, text.Written);
    }

    /// <summary>The field's value. A server that has none in the cookie takes away what the client has.</summary>
    private ReadOnlySpan<byte> Make(byte[]? id, ClientBinding binding, Scratch scratch)
    {
        var text = new SpanText(scratch.Rent(_name.Length + (id?.Length ?? 0) + _attributes.Length + 64));
        text.Add(_name);
        text.Add("="u8);
        if (id is null)
        {
            text.Add("; Expires=Thu, 01-Jan-1970 00:00:01 GMT"u8);
        }
        else
        {
            text.Add(id);
            AddDates(ref text, binding);
        }

        text.Add(Path);
        text.Add(_attributes);
        return text.Written;
    }

    private void AddDates(ref SpanText text, ClientBinding binding)
    {
        if (_maxIdle == 0 && _maxLife == 0)
        {
            return;
        }

        var now = CookieDate.RoundUp(Now);
        AddDate(ref text, now);
        if (_maxLife > 0)
        {
            AddDate(ref text, binding.FirstSeen > 0 ? binding.FirstSeen : now);
        }
    }

    private static void AddDate(ref SpanText text, long date)
    {
        Span<byte> characters = stackalloc byte[CookieDate.Length];
        CookieDate.Write(characters, date);
        text.Add([DateStart]);
        text.Add(characters);
    }

    private ref struct SpanText(Span<byte> room)
    {
        private readonly Span<byte> _room = room;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _room[.._length];

        public void Add(scoped ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_room[_length..]);
            _length += bytes.Length;
        }
    }
}
