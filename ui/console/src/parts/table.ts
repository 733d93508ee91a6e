/** One column of XcTable. */
export interface XcColumn<T> {
    key: string;
    title: string;
    /** What the cell says; a slot `cell-KEY` shows more than words. */
    text?: (row: T) => string;
    /** Figures stand at the end of the column. */
    end?: boolean;
    /** What the row under the page's rows says of them: their sum. */
    total?: (rows: readonly T[]) => string;
    /** As in CSS: "160px". */
    width?: string;
    /** Not hidden by anybody. */
    always?: boolean;
    /** Hidden until somebody asks for it. */
    hidden?: boolean;
    /** Only where the server sorts: its words for the filter `sort`. */
    sort?: { up?: string; down?: string };
}
