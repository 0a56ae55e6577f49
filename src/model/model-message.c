/* model-message.c - ownership of headers and rows */
#include "model-message.h"

MessageHeader *
message_header_new(void)
{
	MessageHeader *header = g_new0(MessageHeader, 1);

	header->from = address_list_new();
	header->to = address_list_new();
	header->cc = address_list_new();
	header->bcc = address_list_new();
	header->reply_to = address_list_new();
	header->subject = g_strdup("");
	header->date = MESSAGE_NO_DATE;
	return header;
}

void
message_header_free(MessageHeader *header)
{
	if (header == NULL)
		return;
	g_ptr_array_unref(header->from);
	g_ptr_array_unref(header->to);
	g_ptr_array_unref(header->cc);
	g_ptr_array_unref(header->bcc);
	g_ptr_array_unref(header->reply_to);
	g_free(header->subject);
	g_free(header->message_id);
	g_strfreev(header->references);
	g_free(header->list_id);
	g_free(header->type);
	g_free(header->draft_uuid);
	g_free(header);
}

MessageRow *
message_row_new(void)
{
	MessageRow *row = g_new0(MessageRow, 1);

	row->from = address_list_new();
	row->to = address_list_new();
	row->cc = address_list_new();
	row->subject = g_strdup("");
	return row;
}

void
message_row_free(MessageRow *row)
{
	if (row == NULL)
		return;
	g_free(row->mailbox_name);
	g_clear_pointer(&row->from, g_ptr_array_unref);
	g_clear_pointer(&row->to, g_ptr_array_unref);
	g_clear_pointer(&row->cc, g_ptr_array_unref);
	g_free(row->subject);
	g_free(row->message_id);
	mail_flags_clear(&row->flags);
	g_free(row);
}
