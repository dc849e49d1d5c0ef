using System.Runtime.CompilerServices;
using ProxyKit.Resolvers;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Variables;

namespace ProxyKit;

/// <summary>What keeps something: variables, captures, maps.</summary>
public static partial class RuleActions
{
    /// <summary>Gives a variable a value, with the value's type; without a value it keeps its own. HAProxy: <c>set-var</c>.</summary>
    /// <param name="name">The variable with its scope, as in <c>txn.user</c>. Before there is a request only <c>proc</c> and <c>sess</c>.</param>
    /// <param name="value">The value.</param>
    /// <param name="conditions">When it is given.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetVariable(string name, Expression value, VariableConditions conditions = VariableConditions.None) =>
        new SetVariableAction(CheckedVariable(name), NotNull(value), conditions, asText: false)
        {
            Description = Call([name, value, conditions]),
        };

    /// <summary>Gives a variable a text, an empty one where there is none. HAProxy: <c>set-var-fmt</c>.</summary>
    /// <param name="name">The variable with its scope.</param>
    /// <param name="text">The text.</param>
    /// <param name="conditions">When it is given.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetVariableText(string name, Expression text, VariableConditions conditions = VariableConditions.None) =>
        new SetVariableAction(CheckedVariable(name), NotNull(text), conditions, asText: true)
        {
            Description = Call([name, text, conditions]),
        };

    /// <inheritdoc cref="SetVariableText(string, Expression, VariableConditions)"/>
    public static RuleAction SetVariableText(string name, string text, VariableConditions conditions = VariableConditions.None) =>
        SetVariableText(name, Literal(text), conditions);

    /// <summary>Takes a variable's value away. HAProxy: <c>unset-var</c>.</summary>
    /// <param name="name">The variable with its scope.</param>
    /// <returns>The action.</returns>
    public static RuleAction UnsetVariable(string name) => new UnsetVariableAction(CheckedVariable(name)) { Description = Call([name]) };

    /// <summary>Looks a name up, and gives a variable the first of its addresses; where it has none, or nobody answers, the variable keeps its value. The
    /// request waits meanwhile; a name that was looked up within <see cref="ResolversOptions.HoldValid"/> is not asked for again. HAProxy:
    /// <c>do-resolve</c>.</summary>
    /// <param name="name">The variable with its scope, as in <c>txn.address</c>; its value is an address.</param>
    /// <param name="resolvers">The name of the group of resolvers that is asked.</param>
    /// <param name="host">The name to look up, without a port.</param>
    /// <param name="prefer">Which addresses are asked for first; the others are where there is none of these.</param>
    /// <returns>The action.</returns>
    public static RuleAction Resolve(string name, string resolvers, Expression host, AddressPreference prefer = AddressPreference.IPv6)
    {
        ArgumentException.ThrowIfNullOrEmpty(resolvers);
        return new ResolveAction(CheckedVariable(name), resolvers, prefer, NotNull(host)) { Description = Call([name, resolvers, host, prefer]) };
    }

    /// <summary>Keeps a text of the request for the log, in a slot of its own. HAProxy: <c>capture … len</c>.</summary>
    /// <param name="value">The text.</param>
    /// <param name="length">How many bytes of it are kept; 1 or more.</param>
    /// <returns>The action.</returns>
    public static RuleAction Capture(Expression value, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return new CaptureAction(NotNull(value), length, 0) { Description = Call([value, length]) };
    }

    /// <summary>Keeps a text for the log in a slot that the frontend declares. HAProxy: <c>capture … id</c>.</summary>
    /// <param name="value">The text; cut to the slot's length.</param>
    /// <param name="slot">The slot's number, from 0.</param>
    /// <returns>The action.</returns>
    public static RuleAction CaptureTo(Expression value, int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        return new CaptureAction(NotNull(value), null, slot) { Description = Call([value, slot]) };
    }

    /// <summary>Gives an entry of a map a value, and makes it where it is not there. What reads the map sees it at once; the file stays as it is.
    /// HAProxy: <c>set-map</c>.</summary>
    /// <param name="file">The map's file, as those name it who read it.</param>
    /// <param name="key">The entry's key, as it stands in the file.</param>
    /// <param name="value">The value.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetMap(string file, Expression key, Expression value) => Edit(PatternEdit.SetMap, file, key, NotNull(value));

    /// <summary>Removes the entries of a key from a map. HAProxy: <c>del-map</c>.</summary>
    /// <param name="file">The map's file.</param>
    /// <param name="key">The key.</param>
    /// <returns>The action.</returns>
    public static RuleAction DelMap(string file, Expression key) => Edit(PatternEdit.DelMap, file, key, null);

    /// <summary>Adds a pattern to those of a file, unless it is there. HAProxy: <c>add-acl</c>.</summary>
    /// <param name="file">The patterns' file, as those name it who read it.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>The action.</returns>
    public static RuleAction AddPattern(string file, Expression pattern) => Edit(PatternEdit.AddAcl, file, pattern, null);

    /// <summary>Removes a pattern from those of a file. HAProxy: <c>del-acl</c>.</summary>
    /// <param name="file">The patterns' file.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>The action.</returns>
    public static RuleAction DelPattern(string file, Expression pattern) => Edit(PatternEdit.DelAcl, file, pattern, null);

    private static EditPatternsAction Edit(PatternEdit edit, string file, Expression key, Expression? value, [CallerMemberName] string member = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new(edit, file, NotNull(key), value) { Description = Call(value is null ? [file, key] : [file, key, value], member) };
    }

    private static string CheckedVariable(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return VariableName.TryParse(name, out _, out var fault) ? name : throw new ArgumentException(fault, nameof(name));
    }
}
