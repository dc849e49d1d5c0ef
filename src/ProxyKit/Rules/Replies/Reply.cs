using System.Runtime.CompilerServices;
using System.Text;
using ProxyKit.Descriptions;
using ProxyKit.Rules;
using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Replies;

namespace ProxyKit;

/// <summary>A response that rules give instead of a server's: <c>Reply.Text("pong", "text/plain")</c>. HAProxy: the arguments of
/// <c>return</c>.</summary>
/// <remarks>Immutable: one reply may serve many rules and proxies.</remarks>
public sealed class Reply : IDescribed
{
    /// <summary>The most that a body from a file may be. HAProxy: <c>tune.bufsize</c>.</summary>
    private const int MaxFile = 16384;

    private readonly string _words;
    private readonly string? _contentType;
    private readonly (FieldName Name, Expression Value)[] _fields;
    private readonly Func<Reply, RuleCompiler, LocalReply> _compile;
    private LocalReply? _compiled;

    private Reply(
        int status, string words, string? contentType, (FieldName, Expression)[] fields, bool isFixed, Func<Reply, RuleCompiler, LocalReply> compile)
    {
        Status = status;
        _words = words;
        _contentType = contentType;
        _fields = fields;
        IsFixed = isFixed;
        _compile = compile;
    }

    /// <summary>The status, as the log has it.</summary>
    public int Status { get; }

    /// <inheritdoc/>
    public Description? Description { get; private init; }

    /// <summary>Whether it is the same for every exchange and needs no file, so that code can give it.</summary>
    internal bool IsFixed { get; }

    /// <summary>Whether it is the page of a status: as a page of that status itself, the one that would be there without.</summary>
    internal bool IsErrorPage { get; private init; }

    /// <summary>Whether it is a whole message, which takes no fields from rules.</summary>
    internal bool IsMessage { get; private init; }

    /// <summary>A response without a body. HAProxy: <c>return status …</c></summary>
    /// <param name="status">200 to 599.</param>
    /// <returns>The reply.</returns>
    public static Reply Empty(int status = 200) => Payload(status, "", null, _ => [], [status]);

    /// <summary>A text. HAProxy: <c>return string</c>.</summary>
    /// <param name="text">The text, sent as UTF-8.</param>
    /// <param name="contentType">What it is, as in <c>text/plain</c>.</param>
    /// <param name="status">200 to 599, and one that has a body.</param>
    /// <returns>The reply.</returns>
    public static Reply Text(string text, string contentType, int status = 200)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        ThrowIfNoBody(status, text.Length > 0);
        var bytes = Encoding.UTF8.GetBytes(text);
        return Payload(status, $" string {ConditionText.QuoteAlways(text)}", contentType, _ => bytes, [text, contentType, status]);
    }

    /// <summary>A body from a file, read when the configuration is put to use. HAProxy: <c>return file</c>.</summary>
    /// <param name="path">The file; 16,384 bytes at most.</param>
    /// <param name="contentType">What it is; needed unless the file is empty.</param>
    /// <param name="status">200 to 599, and one that has a body.</param>
    /// <returns>The reply.</returns>
    public static Reply File(string path, string? contentType, int status = 200)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Payload(status, $" file {RuleWords.Text(path)}", contentType, _ =>
        {
            var bytes = ErrorMessage.ReadFile(path, MaxFile);
            if (bytes.Length > 0 && status is 204 or 304)
            {
                throw new RuleFaultException($"No body expected for {status} responses");
            }

            return bytes.Length == 0 || !string.IsNullOrEmpty(contentType)
                ? bytes
                : throw new RuleFaultException("a content type must be defined when non-empty payload is configured");
        }, [path, contentType, status], isFixed: false);
    }

    /// <summary>A text made for each exchange. One of 16,384 bytes or more is none: the client gets 500. HAProxy: <c>return lf-string</c>.</summary>
    /// <param name="text">The text; nothing in it is escaped.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="status">200 to 599, and one that has a body.</param>
    /// <returns>The reply.</returns>
    public static Reply Format(Expression text, string contentType, int status = 200)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Formatted(status, $" lf-string {RuleWords.Format(text)}", contentType, () => text, [text, contentType, status]);
    }

    /// <summary>A text made for each exchange, from a format in a file, read when the configuration is put to use. HAProxy: <c>return lf-file</c>.</summary>
    /// <param name="path">The file; 16,384 bytes at most.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="status">200 to 599, and one that has a body.</param>
    /// <param name="language">The words that the format may use; null for those that come with ProxyKit.</param>
    /// <returns>The reply.</returns>
    public static Reply FormatFile(string path, string contentType, int status = 200, RuleLanguage? language = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Formatted(
            status,
            $" lf-file {RuleWords.Text(path)}",
            contentType,
            () => Value.Format(Encoding.UTF8.GetString(ErrorMessage.ReadFile(path, MaxFile)), language, FormatUse.Raw),
            language is null ? [path, contentType, status] : [path, contentType, status, language]);
    }

    /// <summary>The error page of a status, of whichever proxy the exchange is in. HAProxy: <c>return status … default-errorfiles</c>.</summary>
    /// <param name="status">One of those that have a page: see <see cref="ErrorPageOptions"/>.</param>
    /// <returns>The reply.</returns>
    public static Reply ErrorPage(int status)
    {
        ErrorStatus.ThrowIfUnknown(status, nameof(status));
        return new(status, " default-errorfiles", null, [], isFixed: true, static (reply, _) => new DeferredPage(reply.Status))
        {
            IsMessage = true,
            IsErrorPage = true,
            Description = Call([status]),
        };
    }

    /// <summary>A whole message from a file. The client sees the status that the file has. HAProxy: <c>return errorfile</c>.</summary>
    /// <param name="path">The file; an empty one closes the connection without a word.</param>
    /// <param name="status">The status that the log has.</param>
    /// <returns>The reply.</returns>
    public static Reply ErrorFile(string path, int status)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ThrowIfOutOfRange(status);
        return new(status, $" errorfile {RuleWords.Text(path)}", null, [], isFixed: false, (reply, _) => ErrorMessage.Load(reply.Status, path))
        {
            IsMessage = true,
            Description = Call([path, status]),
        };
    }

    /// <summary>The page that a section of error pages has for a status; a response without a body where it has none. HAProxy:
    /// <c>return status … errorfiles</c>.</summary>
    /// <param name="section">The section's name.</param>
    /// <param name="status">The status.</param>
    /// <returns>The reply.</returns>
    public static Reply SectionPage(string section, int status)
    {
        ArgumentException.ThrowIfNullOrEmpty(section);
        ThrowIfOutOfRange(status);
        return new(status, $" errorfiles {RuleWords.Text(section)}", null, [], isFixed: false, (reply, compiler) =>
            ErrorSections.Of(compiler).Find(section).TryGetValue(reply.Status, out var page) ? page : Empty(reply.Status).Compile(compiler))
        {
            IsMessage = true,
            Description = Call([section, status]),
        };
    }

    /// <summary>The same reply with another header field. One whose value is empty is not sent.</summary>
    /// <param name="name">The field's name; not Content-Length, Content-Type or Transfer-Encoding, which the reply has from its body.</param>
    /// <param name="value">The value.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="InvalidOperationException">It is a whole message already.</exception>
    public Reply WithHeader(string name, Expression value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var field = new FieldName(name);
        if (field.Known is Http.KnownHeader.ContentLength or Http.KnownHeader.ContentType or Http.KnownHeader.TransferEncoding)
        {
            throw new ArgumentException($"'{name}' is made from the body", nameof(name));
        }

        return IsMessage
            ? throw new InvalidOperationException("An error page has its own header fields.")
            : new(Status, _words, _contentType, [.. _fields, (field, value)], IsFixed && value is LiteralExpression, _compile)
            {
                Description = Call([this, name, value]),
            };
    }

    /// <inheritdoc cref="WithHeader(string, Expression)"/>
    public Reply WithHeader(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return WithHeader(name, new LiteralExpression(value));
    }

    /// <summary>The arguments of a configuration file.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder("status ").Append(Status);
        if (_contentType is not null)
        {
            text.Append(" content-type ").Append(RuleWords.Text(_contentType));
        }

        text.Append(_words);
        foreach (var (name, value) in _fields)
        {
            text.Append(" hdr ").Append(name).Append(' ').Append(RuleWords.Format(value));
        }

        return text.ToString();
    }

    /// <summary>Makes it ready.</summary>
    /// <exception cref="RuleFaultException">It names something that is not there.</exception>
    internal LocalReply Compile(RuleCompiler compiler) => _compile(this, compiler);

    /// <summary>The reply for code that gives it while exchanges run.</summary>
    /// <exception cref="InvalidOperationException">It would have to be made ready first.</exception>
    internal LocalReply Fixed() => _compiled ??= IsFixed
        ? _compile(this, new RuleCompiler())
        : throw new InvalidOperationException("Code gives replies of fixed texts; values and files are for rules.");

    private static Reply Payload(
        int status, string words, string? contentType, Func<Reply, byte[]> payload, IReadOnlyList<object?> arguments, bool isFixed = true,
        [CallerMemberName] string member = "")
    {
        ThrowIfOutOfRange(status);
        ThrowIfControl(contentType);
        return new(status, words, contentType, [], isFixed, (reply, compiler) => reply.Ready(new PayloadReply(
            reply.Status, reply.CompileFields(compiler), Encoding.UTF8.GetBytes(contentType ?? ""), payload(reply), null)))
        {
            Description = Call(arguments, member),
        };
    }

    private static Reply Formatted(
        int status, string words, string contentType, Func<Expression> text, IReadOnlyList<object?> arguments, [CallerMemberName] string member = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(contentType);
        ThrowIfNoBody(status, hasBody: true);
        ThrowIfControl(contentType);
        return new(status, words, contentType, [], isFixed: false, (reply, compiler) =>
        {
            var body = text();
            return reply.Ready(
                new PayloadReply(reply.Status, reply.CompileFields(compiler), Encoding.UTF8.GetBytes(contentType), [], body.Compile(compiler)),
                body);
        })
        {
            Description = Call(arguments, member),
        };
    }

    private static Description Call(IReadOnlyList<object?> arguments, [CallerMemberName] string member = "") =>
        new(typeof(Reply), member, arguments);

    private static void ThrowIfNoBody(int status, bool hasBody)
    {
        ThrowIfOutOfRange(status);
        if (hasBody && status is 204 or 304)
        {
            throw new ArgumentException($"No body expected for {status} responses", nameof(status));
        }
    }

    private static void ThrowIfOutOfRange(int status)
    {
        if (status is < 200 or > 599)
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "a status from 200 to 599 is needed");
        }
    }

    private static void ThrowIfControl(string? text)
    {
        if (text?.Any(char.IsControl) == true)
        {
            throw new ArgumentException("a content type has no control characters", nameof(text));
        }
    }

    /// <summary>The reply, put together once where nothing in it depends on the exchange.</summary>
    private LocalReply Ready(PayloadReply reply, Expression? body = null)
    {
        if (!IsConstant(body) || !Array.TrueForAll(_fields, static f => IsConstant(f.Value)))
        {
            return reply;
        }

        var writer = new ReplyWriter();
        reply.Write(new RuleContext(), writer);
        if (writer.HasFailed)
        {
            throw new RuleFaultException("the reply's header fields, or the text of its format, exceed the buffer size");
        }

        return new RawReply(reply.Status, writer.Written.ToArray());

        static bool IsConstant(Expression? value) => value is null or LiteralExpression or LogFormat { IsConstant: true };
    }

    private (byte[] Name, CompiledExpression Value)[] CompileFields(RuleCompiler compiler) =>
        [.. _fields.Select(f => (f.Name.Bytes, f.Value.Compile(compiler)))];
}
