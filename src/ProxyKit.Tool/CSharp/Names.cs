using System.Globalization;
using System.Text;

namespace ProxyKit.Tool.CSharp;

/// <summary>Makes names that C# takes.</summary>
internal static class Names
{
    private static readonly string[] Openings = ["is", "has", "was", "are", "can"];

    /// <summary>A property's name as that of a variable or parameter.</summary>
    public static string OfParameter(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    /// <summary>A name for an ACL as a variable: <c>is_api</c> is <c>isApi</c>, <c>static</c> is <c>isStatic</c>. All begin with a word that asks,
    /// so that none is a keyword or the name of a lambda's parameter.</summary>
    /// <param name="acl">The name of the ACL.</param>
    /// <param name="taken">The names that are there already; receives this one.</param>
    public static string OfCondition(string acl, HashSet<string> taken)
    {
        var name = OfCondition(acl);
        for (var i = 2; !taken.Add(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{OfCondition(acl)}{i}");
        }

        return name;
    }

    private static string OfCondition(string acl)
    {
        var name = new StringBuilder();
        var words = new string([.. acl.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var word in words)
        {
            var isShouted = word.Length > 1 && !word.Any(char.IsAsciiLetterLower);
            name.Append(char.ToUpperInvariant(word[0])).Append(isShouted ? word[1..].ToLowerInvariant() : word[1..]);
        }

        var text = name.Length > 0 ? name.ToString() : "Acl";
        return Array.Exists(Openings, o => words.Length > 1 && string.Equals(words[0], o, StringComparison.OrdinalIgnoreCase)) || OpensAlready(text)
            ? OfParameter(text)
            : "is" + text;
    }

    private static bool OpensAlready(string text) => Array.Exists(
        Openings, o => text.Length > o.Length && text.StartsWith(o, StringComparison.OrdinalIgnoreCase) && char.IsAsciiLetterUpper(text[o.Length]));
}
