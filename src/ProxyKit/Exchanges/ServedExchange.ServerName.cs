using ProxyKit.Http;

namespace ProxyKit.Exchanges;

/// <summary>Tells each server its own name. HAProxy: <c>http-send-name-header</c>.</summary>
internal sealed partial class ServedExchange
{
    private byte[][]? _ownOfNameField; // what the request says in that field by itself, while it says the server's name there; else null

    /// <summary>Has the request say the name of the attempt's server, where servers are told.</summary>
    private void TellName()
    {
        if (_target!.ServerNameField is not { } field) // routed
        {
            return;
        }

        _ownOfNameField ??= ValuesOf(Request.Headers, field);
        Request.Headers.Set(field, _attempts.Server!.NameBytes); // picked
        _target.RequestCase?.Apply(Request.Headers);
    }

    /// <summary>Has the request say what it said before <see cref="TellName"/>: which server the next attempt goes to, and what that is asked for and told of the
    /// request, is not to come from the last one's name.</summary>
    private void TakeNameBack()
    {
        if (_ownOfNameField is not { } values)
        {
            return;
        }

        var field = _target!.ServerNameField!; // or there were none
        _ownOfNameField = null;
        Request.Headers.RemoveAll(field);
        foreach (var value in values)
        {
            Request.Headers.Add(field, value);
        }
    }

    private static byte[][] ValuesOf(HeaderBlock headers, ReadOnlySpan<byte> name)
    {
        byte[][] values = []; // mostly so, since no client has to do with it
        for (var i = 0; i < headers.TableLength; i++)
        {
            if (headers.IsNamed(i, name))
            {
                values = [.. values, headers.ValueAt(i).ToArray()];
            }
        }

        return values;
    }
}
