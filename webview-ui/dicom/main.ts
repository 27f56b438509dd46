/** Entry of the page of a DICOM file. */
import { registerControls } from '../controls';
import '../base.css';
import '../viewer/viewer.css';
import './styles/page.css';
import { DicomPage } from './page';

registerControls();
const page = new DicomPage(acquireVsCodeApi(), document.getElementById('root') ?? document.body);
void page.start();
