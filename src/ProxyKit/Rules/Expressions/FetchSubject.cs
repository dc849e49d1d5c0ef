using ProxyKit.Http;

namespace ProxyKit.Rules.Expressions;

/// <summary>What a fetch looks at, where that is so usual that a list of rules looks there itself.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Field">The field, where it is one.</param>
internal readonly record struct FetchSubject(SubjectKind Kind, KnownHeader Field = KnownHeader.None);

/// <summary>Kinds of <see cref="FetchSubject"/>: what they are while the request is under way. Once it is the response, <c>hdr</c> and <c>cookie</c> mean
/// that one's fields, and there is no path.</summary>
internal enum SubjectKind : byte
{
    /// <summary>Something else.</summary>
    None,

    /// <summary>The path as text.</summary>
    Path,

    /// <summary>Each value of a field in turn, as text.</summary>
    FieldValues,

    /// <summary>Something that is not there unless the field is.</summary>
    PartOfField,
}
