using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Rules.Acls;

/// <summary>A term of a condition as it stands in a list of rules itself, so that the list asks it without going to the condition: most rules do not
/// apply to most requests, and mostly a path or the lack of a field says so.</summary>
internal readonly struct QuickTerm
{
    private readonly ShortText _text;
    private readonly FetchSubject _subject;
    private readonly QuickTest _test;
    private readonly bool _isNegated;

    /// <param name="subject">What it looks at.</param>
    /// <param name="test">What it wants of that.</param>
    /// <param name="text">The text, for <see cref="QuickTest.Text"/>.</param>
    /// <param name="isNegated">Whether it holds where this is not so.</param>
    public QuickTerm(FetchSubject subject, QuickTest test, ShortText text, bool isNegated) =>
        (_subject, _test, _text, _isNegated) = (subject, test, text, isNegated);

    /// <summary>What the term says of a request; <see cref="Truth.Pending"/> where the condition has to be asked.</summary>
    public Truth Ask(RequestHead request)
    {
        var isPath = _subject.Kind == SubjectKind.Path;
        if (isPath ? !TargetParts.HasPath(request) : request.Headers.IndexOf(_subject.Field) < 0)
        {
            return Says(false);
        }

        if (_test != QuickTest.Text)
        {
            return _test == QuickTest.Found ? Says(true) : Truth.Pending;
        }

        if (isPath)
        {
            return Says(_text.Matches(request.PathBytes));
        }

        var values = new HeaderValues(request.Headers, default, isWhole: false, known: _subject.Field);
        while (values.MoveNext())
        {
            if (_text.Matches(values.Current))
            {
                return Says(true);
            }
        }

        return Says(false);
    }

    private Truth Says(bool holds) => holds != _isNegated ? Truth.True : Truth.False;
}

/// <summary>What a <see cref="QuickTerm"/> wants of a value.</summary>
internal enum QuickTest : byte
{
    /// <summary>More than it can tell.</summary>
    None,

    /// <summary>Nothing but that it is there.</summary>
    Found,

    /// <summary>That it matches a short text.</summary>
    Text,
}
