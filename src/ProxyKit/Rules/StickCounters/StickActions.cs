using System.Globalization;
using System.Runtime.CompilerServices;
using ProxyKit.Descriptions;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.StickCounters;
using ProxyKit.StickTables;

namespace ProxyKit;

/// <summary>Makes what rules do with the counters of stick tables.</summary>
public static class StickActions
{
    /// <summary>Has a counter number track a key: for the connection in its lists, for the exchange in the others. The first use of a number
    /// counts. HAProxy: <c>track-sc0</c> and its like.</summary>
    /// <param name="number">The number, 0 to 11.</param>
    /// <param name="key">The key, as in <c>Value.Parse("src")</c>.</param>
    /// <param name="table">The table; empty for the one named as the frontend or backend is.</param>
    /// <returns>The action.</returns>
    public static RuleAction Track(int number, Expression key, string table = "")
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(table);
        return new TrackAction(Checked(number), key, table) { Description = Call([number, key, table], nameof(Track)) };
    }

    /// <summary>Counts one in an element of the counter array. HAProxy: <c>sc-inc-gpc(index,number)</c>.</summary>
    /// <param name="index">The element, from 0.</param>
    /// <param name="number">The counter number that tracks the key.</param>
    /// <returns>The action.</returns>
    public static RuleAction Increment(int index, int number) => Make(
        [index, number],
        $"sc-inc-gpc({index},{number})", number, null, (table, entry, _) => StickCounting.Increment(table, entry, StickDataType.Counters, index));

    /// <summary>Counts one in the first of the two old counters. HAProxy: <c>sc-inc-gpc0(number)</c>.</summary>
    /// <param name="number">The counter number that tracks the key.</param>
    /// <returns>The action.</returns>
    public static RuleAction Increment0(int number) => Make(
        [number],
        $"sc-inc-gpc0({number})", number, null, static (table, entry, _) => StickCounting.Increment(table, entry, StickDataType.Counter0, 0));

    /// <summary>Counts one in the second of the two old counters. HAProxy: <c>sc-inc-gpc1(number)</c>.</summary>
    /// <param name="number">The counter number that tracks the key.</param>
    /// <returns>The action.</returns>
    public static RuleAction Increment1(int number) => Make(
        [number],
        $"sc-inc-gpc1({number})", number, null, static (table, entry, _) => StickCounting.Increment(table, entry, StickDataType.Counter1, 0));

    /// <summary>Adds to an element of the counter array. HAProxy: <c>sc-add-gpc(index,number)</c>.</summary>
    /// <param name="index">The element, from 0.</param>
    /// <param name="number">The counter number that tracks the key.</param>
    /// <param name="amount">What is added, an integer of 32 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction Add(int index, int number, Expression amount)
    {
        ArgumentNullException.ThrowIfNull(amount);
        return Make(
            [index, number, amount],
            $"sc-add-gpc({index},{number}) {RuleWords.Value(amount)}", number, amount, (table, entry, value) => StickCounting.Add(table, entry, index, value));
    }

    /// <summary>Sets an element of the tag array. HAProxy: <c>sc-set-gpt(index,number)</c>.</summary>
    /// <param name="index">The element, from 0.</param>
    /// <param name="number">The counter number that tracks the key.</param>
    /// <param name="value">What it is set to, an integer of 32 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetTag(int index, int number, Expression value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Make(
            [index, number, value],
            $"sc-set-gpt({index},{number}) {RuleWords.Value(value)}",
            number,
            value,
            (table, entry, tag) => StickCounting.SetTag(table, entry, StickDataType.Tags, index, tag));
    }

    /// <summary>Sets the old tag. HAProxy: <c>sc-set-gpt0(number)</c>.</summary>
    /// <param name="number">The counter number that tracks the key.</param>
    /// <param name="value">What it is set to, an integer of 32 bits.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetTag0(int number, Expression value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Make(
            [number, value],
            $"sc-set-gpt0({number}) {RuleWords.Value(value)}",
            number,
            value,
            static (table, entry, tag) => StickCounting.SetTag(table, entry, StickDataType.Tag0, 0, tag));
    }

    private static StickCounterAction Make(
        IReadOnlyList<object?> arguments, FormattableString text, int number, Expression? operand, Action<StickTable, StickEntry, uint> apply,
        [CallerMemberName] string member = "") =>
        new(text.ToString(CultureInfo.InvariantCulture), Checked(number), operand, apply) { Description = Call(arguments, member) };

    private static Description Call(IReadOnlyList<object?> arguments, string member) => new(typeof(StickActions), member, arguments);

    private static int Checked(int number) => number is >= 0 and < TrackedCounters.Most
        ? number
        : throw new ArgumentOutOfRangeException(nameof(number), number, $"counter numbers are 0 to {TrackedCounters.Most - 1}");
}
