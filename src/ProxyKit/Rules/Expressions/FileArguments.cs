using ProxyKit.Rules.Variables;

namespace ProxyKit.Rules.Expressions;

/// <summary>Finds the names of files among the arguments of keywords, for a language whose files are in a directory of their own.</summary>
internal static class FileArguments
{
    /// <summary>Puts the paths in the place of the names.</summary>
    public static void Resolve(string keyword, List<string> texts, IReadOnlyList<KeywordArgument> specs, RuleLanguage language)
    {
        for (var i = 0; i < Math.Min(texts.Count, specs.Count); i++)
        {
            if (specs[i].Kind == ArgumentKind.File || IsKeyFile(keyword, i, texts))
            {
                texts[i] = language.PathOf(texts[i]);
            }
        }
    }

    /// <summary>Whether it is where the key of an algorithm with two keys lies; a secret stands there itself.</summary>
    private static bool IsKeyFile(string keyword, int index, List<string> texts) => keyword switch
    {
        "jwt_verify" or "jwt_verify_cert" => index == 1 && texts[0] is ['R' or 'E' or 'P', 'S', ..] && !VariableName.TryParse(texts[1], out _, out _),
        "jwt_decrypt_cert" => index == 0 && !VariableName.TryParse(texts[0], out _, out _),
        _ => false,
    };
}
