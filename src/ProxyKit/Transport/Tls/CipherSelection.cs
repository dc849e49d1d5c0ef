using System.Net.Security;

namespace ProxyKit.Transport.Tls;

/// <summary>The selection of ciphers that a list makes word by word. The order of all, selected or not, is part of it: who is selected goes to the end of
/// those that are, in the order that they had.</summary>
internal sealed class CipherSelection
{
    private List<(Cipher Cipher, bool IsSelected)> _all = [.. Cipher.All.Select(static c => (c, false))];

    /// <summary>What is selected.</summary>
    public IReadOnlyList<TlsCipherSuite> Suites => [.. _all.Where(static e => e.IsSelected).Select(static e => e.Cipher.Suite)];

    /// <summary>Does what a word says.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public string? Apply(string word, bool isFirst)
    {
        switch (word)
        {
            case "DEFAULT" when isFirst:
                Select(CipherWords.IsDefault);
                return null;
            case "@STRENGTH":
                _all = [.. _all.Where(static e => !e.IsSelected), .. _all.Where(static e => e.IsSelected).OrderByDescending(static e => e.Cipher.Bits)];
                return null;
            case ['@', ..]:
                return word.StartsWith("@SECLEVEL", StringComparison.Ordinal)
                    ? $"'{word}' cannot be said here: the level is what the system's OpenSSL is set to"
                    : $"unknown word '{word}' in a list of ciphers";
        }

        var sign = word[0] is '!' or '-' or '+' ? word[0] : ' ';
        var kinds = new List<Predicate<Cipher>>();
        foreach (var kind in word[(sign == ' ' ? 0 : 1)..].Split('+'))
        {
            if (sign is ' ' or '+' && CipherWords.IsUnencrypted(kind))
            {
                return $"'{kind}' asks for no encryption, which is not supported";
            }

            if (CipherWords.Find(kind) is not { } selects)
            {
                return $"unknown word '{kind}' in a list of ciphers";
            }

            kinds.Add(selects);
        }

        Apply(sign, cipher => kinds.TrueForAll(selects => selects(cipher)));
        return null;
    }

    private void Apply(char sign, Predicate<Cipher> selects)
    {
        switch (sign)
        {
            case '!':
                _all.RemoveAll(e => selects(e.Cipher));
                break;
            case '-':
                Move(e => e.IsSelected && selects(e.Cipher), toEnd: false, isSelected: false);
                break;
            case '+':
                Move(e => e.IsSelected && selects(e.Cipher), toEnd: true, isSelected: true);
                break;
            default:
                Select(selects);
                break;
        }
    }

    private void Select(Predicate<Cipher> selects) => Move(e => !e.IsSelected && selects(e.Cipher), toEnd: true, isSelected: true);

    private void Move(Predicate<(Cipher Cipher, bool IsSelected)> which, bool toEnd, bool isSelected)
    {
        var moved = _all.FindAll(which).ConvertAll(e => (e.Cipher, isSelected));
        _all.RemoveAll(which);
        _all.InsertRange(toEnd ? _all.Count : 0, moved);
    }
}
