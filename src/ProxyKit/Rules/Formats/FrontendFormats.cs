using ProxyKit.Rules.Expressions;
using ProxyKit.Transport.ProxyProtocol;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules.Formats;

/// <summary>The formats of a frontend, ready to be written.</summary>
internal sealed class FrontendFormats
{
    // HAProxy's own line for connections that failed, whose second word is the bind: its name, or its number where it has none.
    private const string FailureAtNamed = "%ci:%cp [%t] %f/%[so_name]: %[fc_err_str]", FailureAtNumbered = "%ci:%cp [%t] %f/%[so_id]: %[fc_err_str]";

    private FrontendFormats()
    {
    }

    /// <summary>The line for an exchange or tunnel; null where it is the ordinary one, which <see cref="Logging.AccessLogFormat"/> writes
    /// without asking.</summary>
    public CompiledFormat? AccessLog { get; private init; }

    /// <summary>The line for a connection that failed before there was anything else to log; null for the ordinary one.</summary>
    public CompiledFormat? ErrorLog { get; private init; }

    private CompiledFormat? AtNamed { get; init; }

    private CompiledFormat? AtNumbered { get; init; }

    /// <summary>The line for a connection that failed before there was a session; null where there is none: a client that went away by itself is worth a
    /// line to those alone who ask for it.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="empty">Which lines there are of connections on which nothing came.</param>
    public CompiledFormat? FailureOf(RuleSession session, EmptyConnectionLines empty)
    {
        var hasLeft = session.Failure is HandshakeFailure.Closed or HandshakeFailure.Broken
            || session.ProxyHeaderFault is ProxyHeaderFault.Empty or ProxyHeaderFault.Aborted
                or ProxyHeaderFault.NetScalerEmpty or ProxyHeaderFault.NetScalerAborted;
        return hasLeft && (empty == EmptyConnectionLines.None || (empty == EmptyConnectionLines.Late && ErrorLog is null))
            ? null
            : ErrorLog ?? (session.Bind.Name is null ? AtNumbered : AtNamed);
    }

    /// <summary>Makes the formats of a frontend ready, and gives its facts the name of its exchanges.</summary>
    /// <param name="mode">What the frontend speaks.</param>
    /// <param name="texts">The formats, as options have them.</param>
    /// <param name="language">The words of their expressions.</param>
    /// <param name="compiler">Where <see cref="RuleCompiler.Frontend"/> is the frontend. Its stages are set for each format.</param>
    /// <exception cref="RuleFaultException">One of them cannot be put to use.</exception>
    public static FrontendFormats Compile(ProxyMode mode, FormatTexts texts, RuleLanguage language, RuleCompiler compiler)
    {
        var frontend = compiler.Frontend!; // the caller's promise
        frontend.UniqueId = Compile("UniqueIdFormat", texts.UniqueId, mode, language, FormatUse.UniqueId, compiler, RuleStages.FrontendRequest) is { } name
            ? new UniqueId(name, texts.UniqueIdHeader)
            : null;
        var text = texts.AccessLog
            ?? (frontend.Captures.IsEmpty ? null : mode == ProxyMode.Http ? AccessLogFormats.Http : AccessLogFormats.Tcp);
        return new FrontendFormats
        {
            AccessLog = Compile("LogFormat", text, mode, language, FormatUse.Log, compiler, RuleStages.Log),
            ErrorLog = Compile("ErrorLogFormat", texts.ErrorLog, mode, language, FormatUse.Log, compiler, RuleStages.Log),
            AtNamed = Compile("", FailureAtNamed, mode, language, FormatUse.Log, compiler, RuleStages.Log),
            AtNumbered = Compile("", FailureAtNumbered, mode, language, FormatUse.Log, compiler, RuleStages.Log),
        };
    }

    private static CompiledFormat? Compile(
        string property, string? text, ProxyMode mode, RuleLanguage language, FormatUse use, RuleCompiler compiler, RuleStages stages)
    {
        if (text is null)
        {
            return null;
        }

        var previous = compiler.Stages;
        compiler.Stages = stages;
        try
        {
            return LogFormat.Parse(text, language, use).CheckMode(mode).CompileFormat(compiler);
        }
        catch (RuleFaultException e)
        {
            throw new RuleFaultException($"{property}: {e.Message}");
        }
        finally
        {
            compiler.Stages = previous;
        }
    }
}
