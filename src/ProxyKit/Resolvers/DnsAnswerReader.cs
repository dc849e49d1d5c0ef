using System.Buffers.Binary;
using System.Net;

namespace ProxyKit.Resolvers;

/// <summary>Reads what nameservers answer. Whatever the bytes are, it ends in time that grows with their number, and they are believed only where
/// they answer the question.</summary>
internal ref struct DnsAnswerReader
{
    private const int HeaderLength = 12;
    private const int MostRecords = 512; // more than any answer over UDP has room for
    private const int MostAliases = 16;

    private readonly ReadOnlySpan<byte> _message;
    private readonly DnsQuestion _question;
    private readonly List<Record> _records = [];
    private int _offset;

    private DnsAnswerReader(ReadOnlySpan<byte> message, DnsQuestion question)
    {
        _message = message;
        _question = question;
        _offset = HeaderLength;
    }

    private enum Flags
    {
        Response = 0x8000,
        OpcodeMask = 0x7800,
        Truncated = 0x0200,
        CodeMask = 0x000F,
    }

    /// <summary>Reads a message.</summary>
    /// <returns>Null where it does not answer the question: whoever sent it, the answer may still come.</returns>
    public static DnsAnswer? Read(ReadOnlySpan<byte> message, DnsQuestion question) => new DnsAnswerReader(message, question).Read();

    private DnsAnswer? Read()
    {
        if (_message.Length < HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(_message) != _question.Id || !RepeatsQuestion(out var flags))
        {
            return null;
        }

        if ((flags & Flags.Truncated) != 0)
        {
            return new DnsAnswer(DnsStatus.Truncated);
        }

        switch ((int)(flags & Flags.CodeMask))
        {
            case 0:
                return ReadRecords() ? Find() : DnsAnswer.Other;
            case 3:
                return new DnsAnswer(DnsStatus.NotFound);
            case 5:
                return new DnsAnswer(DnsStatus.Refused);
            default:
                return DnsAnswer.Other;
        }
    }

    private bool RepeatsQuestion(out Flags flags)
    {
        flags = (Flags)BinaryPrimitives.ReadUInt16BigEndian(_message[2..]);
        return (flags & (Flags.Response | Flags.OpcodeMask)) == Flags.Response
            && BinaryPrimitives.ReadUInt16BigEndian(_message[4..]) == 1
            && DnsName.TryRead(_message, ref _offset, out var name)
            && name == _question.Name
            && TryReadNumber(out var type) && type == (int)_question.Type
            && TryReadNumber(out var @class) && @class == 1;
    }

    /// <summary>Reads the records of the answer, and behind those of who knows more the additional ones. What is cut short is none; additional records
    /// that make no sense are left out.</summary>
    private bool ReadRecords()
    {
        var (answers, authorities, additional) = (CountAt(6), CountAt(8), CountAt(10));
        if (answers + authorities + additional > MostRecords)
        {
            return false;
        }

        for (var i = 0; i < answers + authorities + additional; i++)
        {
            if (!TryReadRecord(isKept: i < answers || i >= answers + authorities))
            {
                return i >= answers; // the answer itself is whole
            }
        }

        return true;
    }

    private readonly int CountAt(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_message[offset..]);

    private bool TryReadRecord(bool isKept)
    {
        if (!DnsName.TryRead(_message, ref _offset, out var owner)
            || !TryReadNumber(out var type) || !TryReadNumber(out var @class)
            || !TryReadNumber(out _) || !TryReadNumber(out _) // how long it lives
            || !TryReadNumber(out var length) || _offset + length > _message.Length)
        {
            return false;
        }

        var at = _offset;
        var data = _message.Slice(at, length);
        _offset += length;
        if (@class != 1 || !isKept)
        {
            return true;
        }

        switch ((DnsRecordType)type)
        {
            case DnsRecordType.A when length == 4:
            case DnsRecordType.Aaaa when length == 16:
                _records.Add(new Record(owner, (DnsRecordType)type) { Address = new IPAddress(data) });
                return true;
            case DnsRecordType.Cname:
                if (!DnsName.TryRead(_message, ref at, out var alias) || at > _offset)
                {
                    return false;
                }

                _records.Add(new Record(owner, DnsRecordType.Cname) { Target = alias });
                return true;
            case DnsRecordType.Srv when length > 6:
                at += 6;
                if (!DnsName.TryRead(_message, ref at, out var target) || at > _offset)
                {
                    return false;
                }

                if (!DnsName.IsValid(target))
                {
                    return true; // as the root, which says that there is no such service (RFC 2782)
                }

                _records.Add(new Record(owner, DnsRecordType.Srv)
                {
                    Target = target,
                    Weight = BinaryPrimitives.ReadUInt16BigEndian(data[2..]),
                    Port = BinaryPrimitives.ReadUInt16BigEndian(data[4..]),
                });
                return true;
            case DnsRecordType.A or DnsRecordType.Aaaa or DnsRecordType.Srv:
                return false; // of the wrong length
            default:
                return true;
        }
    }

    /// <summary>Follows aliases from the name that was asked for, and takes what stands at their end.</summary>
    private readonly DnsAnswer Find()
    {
        var (name, records, type) = (_question.Name, _records, _question.Type);
        for (var hops = 0; records.Find(r => r.Type == DnsRecordType.Cname && r.Owner == name) is { Target: { } target }; hops++)
        {
            if (hops == MostAliases)
            {
                return DnsAnswer.Other; // or it leads in a circle
            }

            name = target;
        }

        var found = records.FindAll(r => r.Type == type && r.Owner == name);
        if (found.Count == 0)
        {
            return DnsAnswer.Other;
        }

        return type == DnsRecordType.Srv
            ? new DnsAnswer(DnsStatus.Valid) { Services = [.. found.Select(r => new DnsService(r.Target!, r.Port, r.Weight, AddressOf(records, r.Target!)))] } // it has one
            : new DnsAnswer(DnsStatus.Valid) { Addresses = [.. found.Select(static r => r.Address!)] }; // likewise
    }

    private static IPAddress? AddressOf(List<Record> records, string host) => records.Find(r => r.Address is not null && r.Owner == host)?.Address;

    private bool TryReadNumber(out int number)
    {
        number = 0;
        if (_offset + 2 > _message.Length)
        {
            return false;
        }

        number = BinaryPrimitives.ReadUInt16BigEndian(_message[_offset..]);
        _offset += 2;
        return true;
    }

    private sealed record Record(string Owner, DnsRecordType Type)
    {
        public IPAddress? Address { get; init; }

        public string? Target { get; init; }

        public int Port { get; init; }

        public int Weight { get; init; }
    }
}
