using System.Net;
using ProxyKit.Rules.Explaining;

namespace ProxyKit.Tool.CommandLines;

/// <summary>What <c>explain</c> is asked about: a request, as far as the command line tells.</summary>
internal sealed class ExplainWords
{
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private IPEndPoint? _source;
    private string? _serverName, _frontend, _body;
    private bool _isSecure, _isHttp10;

    /// <summary>The request's method and URL.</summary>
    public string? Request { get; set; }

    /// <summary>Whether the answer is for programs.</summary>
    public bool WritesJson { get; private set; }

    /// <summary>Takes a flag, with its value, if it is one of these.</summary>
    /// <param name="flag">The flag.</param>
    /// <param name="value">Gives its value.</param>
    public bool TryTake(string flag, Func<string> value)
    {
        switch (flag)
        {
            case "-H":
                _headers.Add(Header(value()));
                return true;
            case "--source":
                _source = EndPoint(value());
                return true;
            case "--tls":
                _isSecure = true;
                return true;
            case "--sni":
                (_isSecure, _serverName) = (true, value());
                return true;
            case "--frontend":
                _frontend = value();
                return true;
            case "--body":
                _body = value();
                return true;
            case "--http1.0":
                _isHttp10 = true;
                return true;
            case "--json":
                WritesJson = true;
                return true;
            default:
                return false;
        }
    }

    /// <summary>The request that is meant.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public ExampleRequest ToRequest()
    {
        var request = ExampleRequest.Parse(Request ?? "");
        if (_headers.Exists(static h => h.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.Clear(); // the URL's was only a guess
        }

        foreach (var header in _headers)
        {
            request.Headers.Add(header);
        }

        request.Source = _source ?? request.Source;
        request.IsSecure = _isSecure ? true : request.IsSecure;
        request.ServerName = _serverName ?? request.ServerName;
        request.Frontend = _frontend;
        if (_body is not null)
        {
            request.Body = System.Text.Encoding.UTF8.GetBytes(_body); // null would become an empty one
        }

        request.Protocol = _isHttp10 ? Http.HttpProtocol.Http10 : request.Protocol;
        return request;
    }

    private static KeyValuePair<string, string> Header(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new(text[..colon], text[(colon + 1)..].Trim(' '))
            : throw new CommandLineException("'-H' expects a header field, as in 'Name: value'.");
    }

    private static IPEndPoint EndPoint(string text)
    {
        // In brackets, .NET takes an address with a port for one without.
        if ((!text.StartsWith('[') || text.EndsWith(']')) && IPAddress.TryParse(text, out var address))
        {
            return new IPEndPoint(address, 49152);
        }

        return IPEndPoint.TryParse(text, out var endPoint)
            ? endPoint
            : throw new CommandLineException("'--source' expects an IP address, with or without a port.");
    }
}
