using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads what describes a reply: <c>status 200 content-type text/plain string pong hdr x-a 1</c>, in any order.</summary>
internal sealed class ReplyWords(ActionArguments arguments)
{
    private readonly List<(string Name, Expression Value)> _fields = [];
    private string? _contentType;
    private string? _body; // the word that named it
    private string _bodyText = "";
    private int _bodyIndex; // the argument that it is
    private Expression? _format; // of lf-string
    private bool _isPage;

    /// <summary>The reply.</summary>
    public Reply Reply { get; private set; } = Reply.Empty();

    /// <summary>Reads up to the condition.</summary>
    /// <param name="status">The status where none is said; null where one has to be.</param>
    /// <exception cref="RuleFaultException">There is no such reply.</exception>
    public ReplyWords Read(int? status)
    {
        while (!arguments.IsAtEnd)
        {
            switch (arguments.Take("<reply>"))
            {
                case "status":
                    status = arguments.TakeInteger("<status>", 200, 599);
                    break;
                case "content-type":
                    _contentType = arguments.Take("<content-type>");
                    break;
                case "hdr":
                    AddField(arguments.Take("<name>"), arguments.TakeFormat());
                    break;
                case var body:
                    ReadBody(body);
                    break;
            }
        }

        Reply = Make(status ?? throw new RuleFaultException("expects at least 'status <code>'"));
        foreach (var (name, value) in _isPage ? [] : _fields)
        {
            Reply = Reply.WithHeader(name, value);
        }

        return this;
    }

    private void AddField(string name, Expression value)
    {
        if (name.ToLowerInvariant() is "content-length" or "content-type" or "transfer-encoding")
        {
            arguments.Warn($"header '{name}' is always ignored: the reply has it from its body");
        }
        else
        {
            _fields.Add((name, value));
        }
    }

    private void ReadBody(string word)
    {
        if (word is not ("default-errorfiles" or "errorfile" or "errorfiles" or "file" or "lf-file" or "string" or "lf-string"))
        {
            throw arguments.Wrong($"unexpected '{word}' argument");
        }

        if (_body is not null)
        {
            throw arguments.Wrong($"unexpected '{word}' argument, '{_body}' already defined");
        }

        _body = word;
        _isPage = word is "default-errorfiles" or "errorfile" or "errorfiles";
        if (word == "lf-string")
        {
            _format = arguments.TakeFormat(FormatUse.Raw);
        }
        else if (word != "default-errorfiles")
        {
            _bodyIndex = arguments.Position;
            _bodyText = word is "file" or "lf-file" or "errorfile" ? arguments.TakeFile($"<{word}>") : arguments.Take($"<{word}>");
        }
    }

    private Reply SectionPage(int status)
    {
        try
        {
            _ = Reply.ErrorPage(status);
        }
        catch (ArgumentException)
        {
            throw new RuleFaultException($"status code '{status}' not handled by default with 'errorfiles' argument");
        }

        var reply = Reply.SectionPage(_bodyText, status);
        arguments.Refer(_bodyText, status, _bodyIndex);
        return reply;
    }

    private Reply Make(int status)
    {
        if ((_isPage || _body is null) && (_contentType is not null || (_isPage && _fields.Count > 0)))
        {
            arguments.Warn(_isPage
                ? $"content-type and 'hdr' are ignored with '{_body}'"
                : "content-type ignored because there is no payload");
        }

        return _body switch
        {
            null => Reply.Empty(status),
            "default-errorfiles" => Reply.ErrorPage(status),
            "errorfile" => Reply.ErrorFile(_bodyText, status),
            "errorfiles" => SectionPage(status),
            "file" => Reply.File(_bodyText, _contentType, status),
            _ when _contentType is null => throw new RuleFaultException("a content type must be defined when non-empty payload is configured"),
            "string" => Reply.Text(_bodyText, _contentType, status),
            "lf-file" => Reply.FormatFile(_bodyText, _contentType, status, arguments.Language),
            _ => Reply.Format(_format!, _contentType, status), // lf-string, whose format was read
        };
    }
}
