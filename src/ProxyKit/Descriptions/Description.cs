namespace ProxyKit.Descriptions;

/// <summary>How an immutable object was made, so that it can be told and made again: the member that makes it and what that member was given.
/// <c>Match.PathPrefix("/api")</c> is the member <c>PathPrefix</c> of <see cref="Door"/> <c>Match</c> with one argument.</summary>
/// <remarks>Conditions, values, actions and replies keep what they need to run and forget the call. Who writes a configuration down (as code, in a
/// message, in an editor) asks for this and needs to know none of their types.</remarks>
public sealed class Description
{
    /// <summary>Describes a call.</summary>
    /// <param name="door">The type whose member it is.</param>
    /// <param name="member">The method or property.</param>
    /// <param name="arguments">What it was given.</param>
    public Description(Type door, string member, params IReadOnlyList<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(door);
        ArgumentException.ThrowIfNullOrEmpty(member);
        ArgumentNullException.ThrowIfNull(arguments);
        Door = door;
        Member = member;
        Arguments = [.. arguments];
    }

    /// <summary>The type whose member makes such objects: <c>Match</c>, <c>RuleActions</c>.</summary>
    public Type Door { get; }

    /// <summary>The public member of it: a method, or a property where there are no arguments. An operator goes by its name in metadata
    /// (<c>op_BitwiseAnd</c>) and may have more than two operands: <c>a &amp; b &amp; c</c>.</summary>
    public string Member { get; }

    /// <summary>What the member was given, in its order: texts, numbers, times, enums, arrays of them, options, and objects with a description of
    /// their own. Those of a <c>params</c> array stand one by one at the end. The first one of an instance method is the object that was asked.</summary>
    public IReadOnlyList<object?> Arguments { get; }

    /// <summary>The call, for messages and debuggers.</summary>
    /// <returns>The text: <c>Match.PathPrefix(/api)</c>.</returns>
    public override string ToString() => $"{Door.Name}.{Member}({string.Join(", ", Arguments)})";
}
