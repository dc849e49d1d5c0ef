using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Expressions;

/// <summary>What an argument of a keyword is, for checks when it is read and for documentation.</summary>
public enum ArgumentKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>The name of a variable with its scope, as in <c>txn.user</c>.</summary>
    Variable,

    /// <summary>An integer, or the name of a variable that has one.</summary>
    IntegerOrVariable,

    /// <summary>The name of a backend; the current one where it may be left out.</summary>
    Backend,

    /// <summary>The name of a frontend; the current one where it may be left out.</summary>
    Frontend,

    /// <summary>The name of a server, with its backend's and a slash in front unless it is the current one's.</summary>
    Server,

    /// <summary>The name of a stick table; the current proxy's where it may be left out.</summary>
    Table,

    /// <summary>The name of a list of users.</summary>
    UserList,

    /// <summary>The file of a map or of patterns.</summary>
    File,

    /// <summary>An address or a network mask.</summary>
    Address,
}

/// <summary>An argument that a keyword takes.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsOptional">Whether it may be left out.</param>
public sealed record KeywordArgument(string Name, ArgumentKind Kind = ArgumentKind.Text, bool IsOptional = false);

/// <summary>A fetch that expressions can name.</summary>
public sealed class FetchKeyword
{
    /// <summary>The name, as in <c>req.hdr</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it yields.</summary>
    public required SampleType Type { get; init; }

    /// <summary>Makes a fetch for one use of it. An exception that it throws refuses the configuration, with its message.</summary>
    public required Func<KeywordUse, SampleFetch> Create { get; init; }

    /// <summary>The arguments it takes, in their order.</summary>
    public IReadOnlyList<KeywordArgument> Arguments { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];

    /// <summary>Where it may be asked.</summary>
    internal RuleStages Stages { get; init; } = RuleStages.Internal;

    /// <summary>Whether its value can change while nothing arrives.</summary>
    internal bool IsVolatile { get; init; }

    /// <summary>The method by which conditions compare it unless they say another; null for its type's.</summary>
    internal string? DefaultMatch { get; init; }

    /// <summary>Refuses patterns of a condition that it can never give; null for a fetch that knows of none.</summary>
    internal Action<KeywordUse, IReadOnlyList<string>>? CheckPatterns { get; init; }

    /// <summary>Says what a use of it looks at; null for one that looks at nothing usual.</summary>
    internal Func<KeywordUse, FetchSubject>? Subject { get; init; }

    /// <summary>Whether only conditions know it, by <see cref="DefaultMatch"/>.</summary>
    internal bool IsForConditionsOnly { get; init; }
}

/// <summary>A converter that expressions can name.</summary>
public sealed class ConverterKeyword
{
    /// <summary>The name, as in <c>lower</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it takes; what comes is cast to it.</summary>
    public required SampleType Input { get; init; }

    /// <summary>What it yields. <see cref="SampleType.Any"/> together with such an input means: what it was given.</summary>
    public required SampleType Output { get; init; }

    /// <summary>Makes a converter for one use of it. An exception that it throws refuses the configuration, with its message.</summary>
    public required Func<KeywordUse, SampleConverter> Create { get; init; }

    /// <summary>The arguments it takes, in their order.</summary>
    public IReadOnlyList<KeywordArgument> Arguments { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = [];

    internal SampleType OutputFor(SampleType input) => Output == SampleType.Any && Input == SampleType.Any ? input : Output;
}
