using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Stickiness;

/// <summary>What the cookie means in a request, and what the server sees of it.</summary>
internal sealed partial class ServerCookie
{
    private const byte PrefixEnd = (byte)'~';
    private const byte DateStart = (byte)'|';
    private const long MostAhead = 24 * 60 * 60; // a clock may be wrong by a time zone, and not by more

    /// <summary>Binds the client to the server of the first cookie that names one which can be used, and takes off what the server is not to
    /// see. HAProxy's reading: the name with its case, a value in quotes as it stands.</summary>
    public void Read(HeaderBlock headers, ClientBinding binding, Backend backend, Scratch scratch)
    {
        binding.RequestCookie = 'N';
        for (var i = headers.IndexOf(KnownHeader.Cookie); i >= 0; i = headers.IndexOf(KnownHeader.Cookie, i + 1))
        {
            if (headers.ValueAt(i).IndexOf(_name) >= 0) // nothing is made of a field without it
            {
                ReadField(headers, i, binding, backend, scratch);
            }
        }
    }

    private void ReadField(HeaderBlock headers, int index, ClientBinding binding, Backend backend, Scratch scratch)
    {
        var text = headers.ValueAt(index);
        var rest = new CookieField(scratch.Rent(text.Length)); // what is left of it
        var isFurther = false;
        for (var start = 0; start < text.Length;)
        {
            var item = CookieItem.Read(text, start, isFurther);
            (start, isFurther) = (item.End, true);
            if (!item.HasValue || !item.NameIn(text).SequenceEqual(_name))
            {
                rest.Keep(text, item);
                continue;
            }

            var value = item.ValueIn(text);
            var id = Judge(value, binding, backend);
            if (_mode == StickyCookieMode.Prefix)
            {
                rest.KeepWithout(text, item, id < value.Length ? id + 1 : 0);
            }
            else if (_mode == StickyCookieMode.Insert && _isIndirect)
            {
                rest.Drop();
            }
            else
            {
                rest.Keep(text, item);
            }
        }

        if (!rest.IsChanged)
        {
            return;
        }

        if (rest.HasCookies)
        {
            headers.ReplaceValueAt(index, rest.Written);
        }
        else
        {
            headers.RemoveAt(index);
        }
    }

    /// <summary>Decides what one cookie is worth.</summary>
    /// <returns>How long the part of the value is that names the server.</returns>
    private int Judge(ReadOnlySpan<byte> value, ClientBinding binding, Backend backend)
    {
        var length = value.IndexOf(_mode == StickyCookieMode.Prefix ? PrefixEnd : DateStart);
        length = length < 0 ? value.Length : length;
        if (_mode != StickyCookieMode.Prefix && length < value.Length)
        {
            ReadDates(value[(length + 1)..], binding);
        }

        if (IsPast(binding.FirstSeen, _maxLife))
        {
            Forget(binding, 'O');
        }
        else if (IsPast(binding.LastSeen, _maxIdle))
        {
            Forget(binding, 'E');
        }
        else if (binding.HasServer || binding.Effect == PersistenceEffect.Ignore)
        {
            SetUnlessTold(binding, 'U');
        }
        else if (length == 0 || length > _longestId || !_servers.TryGetValue(value[..length], out var servers))
        {
            SetUnlessTold(binding, 'I');
        }
        else
        {
            Choose(servers, binding, backend);
        }

        return length;
    }

    private static void Choose(Server[] servers, ClientBinding binding, Backend backend)
    {
        foreach (var server in servers)
        {
            var isUp = server.State.TakesBound;
            binding.RequestCookie = isUp ? 'V' : 'D';
            if (isUp || backend.PersistsWhenDown || binding.IsForced)
            {
                binding.Direct(server, DirectionKind.Cookie);
                return;
            }
        }
    }

    private static void ReadDates(ReadOnlySpan<byte> dates, ClientBinding binding)
    {
        binding.LastSeen = CookieDate.Read(dates) is > 0 and var last ? last : binding.LastSeen;
        var bar = dates.IndexOf(DateStart);
        if (bar >= 0)
        {
            binding.FirstSeen = CookieDate.Read(dates[(bar + 1)..]) is > 0 and var first ? first : binding.FirstSeen;
        }
    }

    private bool IsPast(long seen, long limit) =>
        seen > 0 && limit > 0 && Now is var now && (now - seen > limit || seen - now > MostAhead);

    private static void Forget(ClientBinding binding, char letter)
    {
        binding.RequestCookie = letter;
        binding.LastSeen = binding.FirstSeen = 0;
    }

    /// <summary>Of several cookies the first counts, unless another one names a server.</summary>
    private static void SetUnlessTold(ClientBinding binding, char letter)
    {
        if (binding.RequestCookie == 'N')
        {
            binding.RequestCookie = letter;
        }
    }
}
